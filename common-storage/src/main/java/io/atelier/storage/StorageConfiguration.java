package io.atelier.storage;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the {@link ObjectStore} from the settings {@code io.atelier.storage}. Does not connect to the store at start. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StorageProperties.class)
public class StorageConfiguration {

    @Bean
    ObjectStore objectStore(StorageProperties properties, ObjectProvider<ObjectStoreFactory> factories) {
        return factories.stream()
                .flatMap(factory -> factory
                        .create(
                                properties.endpoint(),
                                properties.bucket(),
                                properties.callTimeout(),
                                new S3Links(properties))
                        .stream())
                .findFirst()
                .orElseGet(() -> new MinioObjectStore(properties));
    }
}
