package io.atelier.generator.provider;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.EngineStatus;
import io.atelier.generator.engine.GenerationFailed;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.bulkhead.BulkheadFullException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.RequestNotPermitted;
import io.github.resilience4j.reactor.bulkhead.operator.BulkheadOperator;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.github.resilience4j.reactor.ratelimiter.operator.RateLimiterOperator;
import io.github.resilience4j.reactor.retry.RetryOperator;
import io.github.resilience4j.reactor.timelimiter.TimeLimiterOperator;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Applies Resilience4j to the calls of one engine. From the outside in: total timeout, bulkhead, retry, rate limiter, circuit breaker, call
 * timeout. A job keeps its place in the bulkhead while it waits for a retry. Thread-safe.
 */
final class Resilience implements AutoCloseable {

    /** Threads for jobs that wait for a place in the bulkhead: as many as a worker can have slots. */
    private static final int MAX_WAITING = 64;

    /** Codes that count as failures of the server; the others are caused by the request, or by a lack of memory of this process. */
    private static final Set<Code> SERVER_FAILURES =
            Set.of(Code.PROVIDER_ERROR, Code.PROVIDER_TIMEOUT, Code.NETWORK_ERROR, Code.INVALID_RESPONSE);

    private final String engine;
    private final ProviderSettings settings;
    private final Bulkhead bulkhead;
    private final Retry retry;
    private final RateLimiter rateLimiter;
    private final CircuitBreaker breaker;
    private final TimeLimiter callTimeout;
    private final Scheduler scheduler;

    Resilience(String engine, ProviderSettings settings, ResilienceRegistries registries) {
        this.engine = engine;
        this.settings = settings;
        this.bulkhead = registries.bulkheads().bulkhead(engine, bulkhead(settings));
        this.retry = registries.retries().retry(engine, retry(settings.retry()));
        this.rateLimiter = registries.rateLimiters().rateLimiter(engine, rateLimiter(settings));
        this.breaker = registries.breakers().circuitBreaker(engine, breaker(settings.breaker()));
        this.callTimeout = TimeLimiter.of(
                engine,
                TimeLimiterConfig.custom()
                        .timeoutDuration(settings.timeouts().callTimeout())
                        .build());
        // For this engine only: jobs that wait for a slow server must not block the jobs of other engines.
        this.scheduler = Schedulers.newBoundedElastic(MAX_WAITING, Integer.MAX_VALUE, engine, 10, true);
    }

    /**
     * The call with all protections; the given call is subscribed to again for each retry.
     *
     * @param reader converts the response; its time, which may be spent waiting for memory of this process, is not part of the call timeout
     */
    <T> Mono<T> protect(Mono<ProviderResponse> call, Function<ProviderResponse, T> reader) {
        return withRetryAndBulkhead(withCallTimeout(call)
                        .map(reader)
                        .transformDeferred(CircuitBreakerOperator.of(breaker))
                        .transformDeferred(RateLimiterOperator.of(rateLimiter))
                        // An invalid response can be accidental, but hardly twice in a row.
                        .retryWhen(reactor.util.retry.Retry.max(1)
                                .filter(e -> codeOf(e) == Code.INVALID_RESPONSE)
                                .onRetryExhaustedThrow((rule, last) -> last.failure())))
                .onErrorMap(CallNotPermittedException.class, this::breakerOpen)
                .onErrorMap(RequestNotPermitted.class, this::rateLimited);
    }

    private <T> Mono<T> withCallTimeout(Mono<T> call) {
        return call.transformDeferred(TimeLimiterOperator.of(callTimeout))
                .onErrorMap(
                        TimeoutException.class,
                        e -> TransportFailures.timeout(settings.timeouts().callTimeout(), e));
    }

    private <T> Mono<T> withRetryAndBulkhead(Mono<T> call) {
        return call.transformDeferred(RetryOperator.of(retry))
                .transformDeferred(BulkheadOperator.of(bulkhead))
                .onErrorResume(BulkheadFullException.class, this::noConnection)
                // The bulkhead blocks the subscribing thread.
                .subscribeOn(scheduler)
                .timeout(settings.timeouts().totalTimeout())
                .onErrorMap(
                        TimeoutException.class,
                        e -> TransportFailures.timeout(settings.timeouts().totalTimeout(), e));
    }

    /** Rejects further calls. */
    @Override
    public void close() {
        scheduler.dispose();
    }

    EngineStatus status() {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN ->
                new EngineStatus(
                        EngineStatus.Condition.FAILING,
                        "%.0f of 100 calls fail; calls are rejected for %s, then some calls test the server."
                                .formatted(
                                        breaker.getMetrics().getFailureRate(),
                                        settings.breaker().openInterval()));
            case HALF_OPEN ->
                new EngineStatus(EngineStatus.Condition.FAILING, "Some calls test whether the server has recovered.");
            case CLOSED, DISABLED, METRICS_ONLY -> EngineStatus.READY;
        };
    }

    private <T> Mono<T> noConnection(BulkheadFullException e) {
        // An interrupted job has no subscriber any more, and Reactor would log the error as dropped.
        return Thread.currentThread().isInterrupted()
                ? Mono.empty()
                : Mono.error(TransportFailures.timeout(settings.timeouts().acquireTimeout(), e));
    }

    private GenerationFailed breakerOpen(CallNotPermittedException e) {
        var message = "The server of the engine '%s' failed so often that no calls are made for %s. Send the job again"
                + " later, or use another model.";
        return new GenerationFailed(
                new Failure(
                        Code.ENGINE_UNAVAILABLE,
                        message.formatted(engine, settings.breaker().openInterval())),
                e);
    }

    private GenerationFailed rateLimited(RequestNotPermitted e) {
        var message =
                "Rate limit exceeded: the engine '%s' makes at most %d calls a minute, and so many jobs wait that this"
                        + " one would start after more than %s.";
        return new GenerationFailed(
                new Failure(
                        Code.RATE_LIMITED,
                        message.formatted(
                                engine,
                                settings.connections().callsPerMinute(),
                                settings.timeouts().totalTimeout())),
                e);
    }

    private static RetryConfig retry(ProviderSettings.Retry settings) {
        var backOff = backOff(settings);
        return RetryConfig.custom()
                .maxAttempts(1 + settings.maxRetries())
                .retryOnException(e -> e instanceof GenerationFailed failed && isRetryable(failed.failure(), settings))
                .intervalBiFunction((attempt, result) -> {
                    var requested = retryAfter(result.getLeft());
                    return requested == null ? backOff.apply(attempt) : Long.valueOf(requested.toMillis());
                })
                .build();
    }

    /** The interval before retry k is {@code min(baseInterval * 2^(k-1), maxInterval)}, with jitter if it is set. */
    static IntervalFunction backOff(ProviderSettings.Retry settings) {
        return settings.jitter() == 0
                ? IntervalFunction.ofExponentialBackoff(settings.baseInterval(), 2, settings.maxInterval())
                : IntervalFunction.ofExponentialRandomBackoff(
                        settings.baseInterval(), 2, settings.jitter(), settings.maxInterval());
    }

    private static boolean isRetryable(Failure failure, ProviderSettings.Retry settings) {
        var seconds = failure.retryAfterSeconds();
        if (seconds != null && seconds > settings.maxRetryAfterInterval().toSeconds()) {
            return false;
        }
        return switch (failure.code()) {
            case NETWORK_ERROR -> true;
            // A redirect that is not followed has a status below 500, and a retry would get it again.
            case PROVIDER_ERROR -> failure.providerStatus() != null && failure.providerStatus() >= 500;
            case PROVIDER_TIMEOUT -> settings.timeouts();
            case RATE_LIMITED -> settings.rateLimits();
            // For example, a model is being loaded, and the server sends Retry-After.
            case ENGINE_UNAVAILABLE -> seconds != null;
            default -> false;
        };
    }

    /** The code of a failure; an unexpected exception is an engine error. */
    private static Code codeOf(Throwable thrown) {
        return thrown instanceof GenerationFailed failed ? failed.failure().code() : Code.ENGINE_ERROR;
    }

    private static @Nullable Duration retryAfter(@Nullable Throwable thrown) {
        if (thrown instanceof GenerationFailed failed && failed.failure().retryAfterSeconds() != null) {
            return Duration.ofSeconds(failed.failure().retryAfterSeconds());
        }
        return null;
    }

    private static BulkheadConfig bulkhead(ProviderSettings settings) {
        return BulkheadConfig.custom()
                .maxConcurrentCalls(settings.connections().max())
                .maxWaitDuration(settings.timeouts().acquireTimeout())
                .build();
    }

    private static RateLimiterConfig rateLimiter(ProviderSettings settings) {
        int calls = settings.connections().callsPerMinute();
        return RateLimiterConfig.custom()
                .limitForPeriod(calls == 0 ? Integer.MAX_VALUE : calls)
                .limitRefreshPeriod(Duration.ofMinutes(1))
                .timeoutDuration(settings.timeouts().totalTimeout())
                .build();
    }

    private static CircuitBreakerConfig breaker(ProviderSettings.Breaker settings) {
        return CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(settings.calls())
                .minimumNumberOfCalls(Math.min(settings.minimum(), settings.calls()))
                .failureRateThreshold(settings.failureRate())
                .waitDurationInOpenState(settings.openInterval())
                .permittedNumberOfCallsInHalfOpenState(3)
                .recordException(e -> SERVER_FAILURES.contains(codeOf(e)))
                .build();
    }
}
