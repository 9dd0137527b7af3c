package io.atelier.storage;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configures the {@link ObjectPublisher} from the settings {@code io.atelier.storage} and {@code io.atelier.avatars}. Does not connect to the
 * store. Imported beside {@link StorageConfiguration}.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AvatarStorageProperties.class)
public class PublishingConfiguration {

    @Bean
    ObjectPublisher objectPublisher(
            StorageProperties storage, AvatarStorageProperties avatars, ObjectProvider<ObjectStoreFactory> factories) {
        var links = new S3Links(storage);
        var ownBucket = factories.stream()
                .flatMap(factory ->
                        factory.create(storage.endpoint(), avatars.bucket(), storage.callTimeout(), links).stream())
                .findFirst()
                .orElse(null);
        return new MinioObjectPublisher(storage, avatars, ownBucket);
    }
}
