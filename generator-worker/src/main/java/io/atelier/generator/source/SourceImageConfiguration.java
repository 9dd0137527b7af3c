package io.atelier.generator.source;

import io.atelier.image.decode.DecodingBudget;
import io.atelier.storage.ObjectStore;
import io.atelier.worker.source.RemoteSourceConfiguration;
import io.atelier.worker.source.RemoteSourceProperties;
import io.atelier.worker.source.SourceDownload;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.WorkerProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The beans that load source images. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SourceImageProperties.class)
@Import(RemoteSourceConfiguration.class)
public class SourceImageConfiguration {

    @Bean
    SourceImageLoader sourceImageLoader(
            SourceImageProperties properties,
            RemoteSourceProperties remote,
            ObjectStore store,
            WorkerProperties work,
            SourceDownload download) {
        return new SourceImageLoader(
                store,
                new StoreRetry(work.storeTimeout()),
                download,
                DecodingBudget.ofProcess(),
                remote.limits(),
                properties.maxTotal());
    }
}
