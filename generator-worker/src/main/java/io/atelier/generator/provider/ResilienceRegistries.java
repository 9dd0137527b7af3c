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

/** The Resilience4j registries of all providers, one instance for each engine name. */
record ResilienceRegistries(
        CircuitBreakerRegistry breakers,
        RetryRegistry retries,
        BulkheadRegistry bulkheads,
        RateLimiterRegistry rateLimiters) {

    /** Empty registries whose instances are published as metrics. */
    static ResilienceRegistries boundTo(MeterRegistry meters) {
        var registries = new ResilienceRegistries(
                CircuitBreakerRegistry.ofDefaults(),
                RetryRegistry.ofDefaults(),
                BulkheadRegistry.ofDefaults(),
                RateLimiterRegistry.ofDefaults());
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(registries.breakers)
                .bindTo(meters);
        TaggedRetryMetrics.ofRetryRegistry(registries.retries).bindTo(meters);
        TaggedBulkheadMetrics.ofBulkheadRegistry(registries.bulkheads).bindTo(meters);
        TaggedRateLimiterMetrics.ofRateLimiterRegistry(registries.rateLimiters).bindTo(meters);
        return registries;
    }
}
