package io.atelier.gateway.models;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the catalogue of models and its HTTP face. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CatalogueProperties.class)
public final class ModelConfiguration {

    @Bean
    Catalogue catalogue(CatalogueProperties properties) {
        return new Catalogue(properties.standard(), properties.all());
    }

    @Bean
    ModelController modelController(Catalogue catalogue, Crew crew) {
        return new ModelController(catalogue, crew);
    }
}
