package io.atelier.gateway.models;

import io.atelier.messaging.MessagingProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the catalogue of models and its HTTP face. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CatalogueProperties.class)
public final class ModelConfiguration {

    @Bean
    Catalogue catalogue(CatalogueProperties properties, ObjectProvider<MessagingProperties> messaging) {
        var catalogue = new Catalogue(properties.standard(), properties.all());
        messaging.ifAvailable(known -> catalogue.requirePools(known.pools()));
        return catalogue;
    }

    @Bean
    ModelController modelController(Catalogue catalogue, Crew crew) {
        return new ModelController(catalogue, crew);
    }
}
