package io.atelier.generator.source;

import io.atelier.generator.remote.Remote;
import io.atelier.generator.remote.Remotes;
import io.atelier.messaging.worker.WorkerProperties;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.patience.StorePatience;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The wiring of what gets pictures to change. Needs {@link Remotes}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SourceProperties.class)
public class SourceConfiguration {

    @Bean
    Remote sourceRemote(SourceProperties properties, Remotes remotes) {
        return remotes.open("sources", properties.remote());
    }

    @Bean
    Sources sources(SourceProperties properties, ObjectStore store, WorkerProperties work, Remote sourceRemote) {
        return new Sources(store, new StorePatience(work.storePatience()), sourceRemote, properties.maxTotal());
    }
}
