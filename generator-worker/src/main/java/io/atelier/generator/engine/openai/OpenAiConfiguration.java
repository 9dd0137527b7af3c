package io.atelier.generator.engine.openai;

import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.provider.ProviderClients;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers the engines that generate on servers with OpenAI's images API. Needs a {@link ProviderClients} bean. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OpenAiProperties.class)
public class OpenAiConfiguration {

    @Bean
    EngineFamily openAiEngines(OpenAiProperties properties, ProviderClients clients) {
        return EngineFamily.of(properties.servers(), (name, server) -> OpenAiEngine.of(name, server, clients));
    }
}
