package io.atelier.gateway.images;

import io.atelier.gateway.generations.Generations;
import io.atelier.storage.ObjectStore;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the way out of pictures. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ImageProperties.class)
public final class ImageConfiguration {

    @Bean(destroyMethod = "dispose")
    Downloads downloads(ObjectStore store, ImageProperties properties) {
        return new Downloads(store, properties);
    }

    @Bean
    Pictures pictures(Downloads downloads, Clock clock) {
        return new Pictures(downloads, clock);
    }

    @Bean
    ImageController imageController(
            Generations generations, Pictures pictures, ObjectStore store, ImageProperties properties, Clock clock) {
        return new ImageController(generations, pictures, store, properties, clock);
    }
}
