package io.atelier.generator.engine.automatic1111;

import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.provider.ProviderClients;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The wiring of the engines that draw on servers of the kind of AUTOMATIC1111's web UI. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(Automatic1111Properties.class)
public class Automatic1111Configuration {

    @Bean
    EngineFamily automatic1111Engines(Automatic1111Properties properties, ProviderClients remotes) {
        return EngineFamily.of(properties.servers(), (name, server) -> new Automatic1111Engine(name, server, remotes));
    }
}
