package io.atelier.generator.source;

import io.atelier.generator.provider.ProviderClient;
import io.atelier.generator.provider.ProviderClients;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.WorkerProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The wiring of what gets pictures to change. Needs {@link ProviderClients}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SourceImageProperties.class)
public class SourceImageConfiguration {

    @Bean
    ProviderClient sourceRemote(SourceImageProperties properties, ProviderClients remotes) {
        return remotes.open("sources", properties.remote());
    }

    @Bean
    SourceImageLoader sources(
            SourceImageProperties properties, ObjectStore store, WorkerProperties work, ProviderClient sourceRemote) {
        return new SourceImageLoader(store, new StoreRetry(work.storeTimeout()), sourceRemote, properties.maxTotal());
    }
}
