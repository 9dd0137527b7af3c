package io.atelier.generator.engine.huggingface;

import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.provider.ProviderClients;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers the engine that generates at Hugging Face. It exists without settings too; its status then names the missing setting. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HuggingFaceSettings.class)
public class HuggingFaceConfiguration {

    @Bean
    GenerationEngine huggingFace(HuggingFaceSettings settings, ProviderClients clients) {
        return HuggingFaceEngine.of(settings, clients);
    }
}
