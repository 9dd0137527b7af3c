package io.atelier.generator.engine.comfyui;

import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.provider.ProviderClients;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers the engines that generate on ComfyUI servers. Needs a {@link ProviderClients} bean. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ComfyUiProperties.class)
public class ComfyUiConfiguration {

    @Bean
    EngineFamily comfyUiEngines(ComfyUiProperties properties, ProviderClients clients) {
        return EngineFamily.of(properties.servers(), (name, server) -> new ComfyUiEngine(name, server, clients));
    }
}
