package io.atelier.gateway.view;

import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.CatalogueProperties;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.queue.Backlog;
import io.atelier.gateway.view.queue.EtaErrorMetrics;
import io.atelier.gateway.view.queue.EtaEstimator;
import io.atelier.gateway.view.workers.AnnouncedModels;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.MessagingProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans of the read side that need no Kafka: the model catalogue and the estimates. {@link ViewKafkaConfiguration} has the others. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CatalogueProperties.class)
public class ViewConfiguration {

    @Bean
    Catalogue catalogue(
            CatalogueProperties properties,
            ObjectProvider<MessagingProperties> messaging,
            WorkerRegistry workers,
            Clock clock) {
        var catalogue = new Catalogue(
                properties.standard(),
                properties.all(),
                properties.effectiveRetirements(),
                new AnnouncedModels(workers),
                clock);
        messaging.ifAvailable(known -> catalogue.requirePools(known.pools()));
        return catalogue;
    }

    @Bean
    EtaEstimator etaEstimator(Backlog backlog, ModelAvailability availability, Clock clock) {
        return new EtaEstimator(backlog, availability, clock);
    }

    @Bean
    EtaErrorMetrics etaErrorMetrics(EtaEstimator estimator, ObjectProvider<MeterRegistry> meters, Clock clock) {
        return new EtaErrorMetrics(estimator, meters.getIfAvailable(SimpleMeterRegistry::new), clock);
    }
}
