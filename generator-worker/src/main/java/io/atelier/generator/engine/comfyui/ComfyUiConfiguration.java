package io.atelier.generator.engine.comfyui;

import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.provider.ProviderClients;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The wiring of the engines that draw on ComfyUI servers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ComfyUiProperties.class)
public class ComfyUiConfiguration {

    @Bean
    EngineFamily comfyUiEngines(ComfyUiProperties properties, ProviderClients remotes) {
        return EngineFamily.of(properties.servers(), (name, server) -> new ComfyUiEngine(name, server, remotes));
    }
}
