package io.atelier.generator.engine.openai;

import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.provider.ProviderClients;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The wiring of the engines that ask servers which speak as OpenAI's images API does. Needs {@link ProviderClients}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OpenAiProperties.class)
public class OpenAiConfiguration {

    @Bean
    EngineFamily openAiEngines(OpenAiProperties properties, ProviderClients remotes) {
        return EngineFamily.of(properties.servers(), (name, server) -> OpenAiEngine.of(name, server, remotes));
    }
}
