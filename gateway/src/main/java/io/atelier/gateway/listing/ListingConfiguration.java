package io.atelier.gateway.listing;

import io.atelier.gateway.generations.Portrait;
import io.atelier.gateway.jobs.Jobs;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Wires the lists. */
@Configuration(proxyBeanMethods = false)
public final class ListingConfiguration {

    private static final int THREADS = 4;
    private static final int MOST_WAITING = 400;

    @Bean(destroyMethod = "dispose")
    Scheduler listingThreads() {
        return Schedulers.newBoundedElastic(THREADS, MOST_WAITING, "lists");
    }

    @Bean
    ListingController listingController(Jobs jobs, Portrait portrait, Scheduler listingThreads) {
        return new ListingController(jobs, portrait, listingThreads);
    }
}
