package io.atelier.generator.engine.huggingface;

import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.provider.ProviderClients;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the engine that draws at Hugging Face. It is there in any case, and says what it lacks. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HuggingFaceSettings.class)
public class HuggingFaceConfiguration {

    @Bean
    GenerationEngine huggingFace(HuggingFaceSettings settings, ProviderClients remotes) {
        return HuggingFaceEngine.of(settings, remotes);
    }
}
