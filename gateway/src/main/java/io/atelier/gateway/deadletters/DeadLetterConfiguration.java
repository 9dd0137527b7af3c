package io.atelier.gateway.deadletters;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the way to see dead letters. */
@Configuration(proxyBeanMethods = false)
public final class DeadLetterConfiguration {

    @Bean
    DeadLetterController deadLetterController(DeadLetters letters) {
        return new DeadLetterController(letters);
    }
}
