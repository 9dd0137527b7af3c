package io.atelier.gateway.sources;

import io.atelier.gateway.generations.Generations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the look-up of pictures to change. */
@Configuration(proxyBeanMethods = false)
public final class SourceConfiguration {

    @Bean
    Sources sources(Generations generations) {
        return new Sources(generations);
    }
}
