package io.atelier.gateway.view;

import io.atelier.gateway.view.queue.EtaErrorMetrics;
import io.atelier.gateway.view.queue.EtaEstimator;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Metrics of the read side. Needs {@link ViewConfiguration} and {@link ViewKafkaConfiguration}. */
@Configuration(proxyBeanMethods = false)
public class ViewMetricsConfiguration {

    @Bean
    EtaErrorMetrics etaErrorMetrics(EtaEstimator estimator, MeterRegistry meters, Clock clock) {
        return new EtaErrorMetrics(estimator, meters, clock);
    }
}
