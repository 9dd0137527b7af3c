package io.atelier.gateway.problem;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Wires the answers to requests that failed. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProblemProperties.class)
public final class ProblemConfiguration {

    @Bean
    RequestIdFilter requestIdFilter() {
        return new RequestIdFilter();
    }

    @Bean
    ProblemAdvice problemAdvice(ProblemProperties properties, JsonMapper json, RequestIdFilter requestIds) {
        return new ProblemAdvice(properties, json, requestIds);
    }
}
