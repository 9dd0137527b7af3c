package io.atelier.generator.provider;

import io.github.resilience4j.bulkhead.BulkheadRegistry;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedBulkheadMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedRateLimiterMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedRetryMetrics;
import io.github.resilience4j.ratelimiter.RateLimiterRegistry;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.MeterRegistry;

/** Where the metrics find what stands between engines and their servers. */
record ResilienceRegistries(
        CircuitBreakerRegistry breakers, RetryRegistry retries, BulkheadRegistry places, RateLimiterRegistry paces) {

    /** Empty ones that are shown there. */
    static ResilienceRegistries shownIn(MeterRegistry meters) {
        var registries = new ResilienceRegistries(
                CircuitBreakerRegistry.ofDefaults(),
                RetryRegistry.ofDefaults(),
                BulkheadRegistry.ofDefaults(),
                RateLimiterRegistry.ofDefaults());
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(registries.breakers)
                .bindTo(meters);
        TaggedRetryMetrics.ofRetryRegistry(registries.retries).bindTo(meters);
        TaggedBulkheadMetrics.ofBulkheadRegistry(registries.places).bindTo(meters);
        TaggedRateLimiterMetrics.ofRateLimiterRegistry(registries.paces).bindTo(meters);
        return registries;
    }
}
