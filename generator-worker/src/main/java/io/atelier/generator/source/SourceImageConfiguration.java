package io.atelier.generator.source;

import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.WorkerProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that load source images. Needs a bean of type {@link ProviderClients}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SourceImageProperties.class)
public class SourceImageConfiguration {

    @Bean
    ProviderClient sourceImageClient(SourceImageProperties properties, ProviderClients clients) {
        return clients.open("sources", properties.remote());
    }

    @Bean
    SourceImageLoader sourceImageLoader(
            SourceImageProperties properties,
            ObjectStore store,
            WorkerProperties work,
            ProviderClient sourceImageClient) {
        return new SourceImageLoader(
                store, new StoreRetry(work.storeTimeout()), sourceImageClient, properties.maxTotal());
    }
}
