package io.atelier.generator.engine.automatic1111;

import io.atelier.generator.engine.EngineFamily;
import io.atelier.generator.provider.ProviderClients;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Registers the engines that generate on servers with the API of AUTOMATIC1111's web UI. Needs a {@link ProviderClients} bean. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(Automatic1111Properties.class)
public class Automatic1111Configuration {

    @Bean
    EngineFamily automatic1111Engines(Automatic1111Properties properties, ProviderClients clients) {
        return EngineFamily.of(properties.servers(), (name, server) -> new Automatic1111Engine(name, server, clients));
    }
}
