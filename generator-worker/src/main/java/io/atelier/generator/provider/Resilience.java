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
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What stands between an engine and its server, from the outside in: a place among so many at once, calls made again, calls a minute, the
 * breaker, the time of one call. A job keeps its place while it waits to ask again. Thread-safe.
 */
final class Resilience implements AutoCloseable {

    /** As many jobs as a worker can have. */
    private static final int MOST_WAITING = 64;

    /** Failures that say something about the server, and not about what it was asked. */
    private static final Set<Code> SERVERS_FAULT =
            Set.of(Code.PROVIDER_ERROR, Code.PROVIDER_TIMEOUT, Code.NETWORK_ERROR, Code.INVALID_RESPONSE);

    private final String engine;
    private final ProviderSettings settings;
    private final Bulkhead places;
    private final Retry retry;
    private final RateLimiter pace;
    private final CircuitBreaker breaker;
    private final TimeLimiter time;
    private final Scheduler waitingRoom;

    Resilience(String engine, ProviderSettings settings, ResilienceRegistries registries) {
        this.engine = engine;
        this.settings = settings;
        this.places = registries.places().bulkhead(engine, places(settings));
        this.retry = registries.retries().retry(engine, retries(settings.retry()));
        this.pace = registries.paces().rateLimiter(engine, pace(settings));
        this.breaker = registries.breakers().circuitBreaker(engine, breaker(settings.breaker()));
        this.time = TimeLimiter.of(
                engine,
                TimeLimiterConfig.custom().timeoutDuration(settings.call()).build());
        // Of this engine alone: jobs that wait for a slow server must not keep those of others from theirs.
        this.waitingRoom = Schedulers.newBoundedElastic(MOST_WAITING, Integer.MAX_VALUE, engine, 10, true);
    }

    /** The call with all of that around it; it is subscribed to again for each retry. */
    <T> Mono<T> around(Mono<T> call) {
        return inItsPlace(timed(call)
                        .transformDeferred(CircuitBreakerOperator.of(breaker))
                        .transformDeferred(RateLimiterOperator.of(pace))
                        // What is no picture may have been an accident, but hardly twice.
                        .retryWhen(reactor.util.retry.Retry.max(1)
                                .filter(e -> codeOf(e) == Code.INVALID_RESPONSE)
                                .onRetryExhaustedThrow((rule, last) -> last.failure())))
                .onErrorMap(CallNotPermittedException.class, this::leftAlone)
                .onErrorMap(RequestNotPermitted.class, this::outOfTurn);
    }

    /** The same for a call of somebody else's server: neither counted by the breaker nor held up by it, or by the pace. */
    <T> Mono<T> aside(Mono<T> call) {
        return inItsPlace(timed(call));
    }

    private <T> Mono<T> timed(Mono<T> call) {
        return call.transformDeferred(TimeLimiterOperator.of(time))
                .onErrorMap(TimeoutException.class, e -> TransportFailures.timeout(settings.call(), e));
    }

    private <T> Mono<T> inItsPlace(Mono<T> call) {
        return call.transformDeferred(RetryOperator.of(retry))
                .transformDeferred(BulkheadOperator.of(places))
                .onErrorResume(BulkheadFullException.class, this::noPlace)
                // Waiting for a place blocks, which only these threads may.
                .subscribeOn(waitingRoom)
                .timeout(settings.deadline())
                .onErrorMap(TimeoutException.class, e -> TransportFailures.timeout(settings.deadline(), e));
    }

    /** Nobody is let in any more. */
    @Override
    public void close() {
        waitingRoom.dispose();
    }

    EngineStatus status() {
        return switch (breaker.getState()) {
            case OPEN, FORCED_OPEN ->
                new EngineStatus(
                        EngineStatus.Condition.FAILING,
                        "%.0f of 100 calls fail; it is asked again after a pause of %s."
                                .formatted(
                                        breaker.getMetrics().getFailureRate(),
                                        settings.breaker().pause()));
            case HALF_OPEN ->
                new EngineStatus(EngineStatus.Condition.FAILING, "A few calls try whether it is well again.");
            case CLOSED, DISABLED, METRICS_ONLY -> EngineStatus.READY;
        };
    }

    private <T> Mono<T> noPlace(BulkheadFullException e) {
        // Who is interrupted is no longer waited for, and a failure that nobody hears would only be logged.
        return Thread.currentThread().isInterrupted()
                ? Mono.empty()
                : Mono.error(TransportFailures.timeout(settings.acquire(), e));
    }

    private GenerationFailed leftAlone(CallNotPermittedException e) {
        var message =
                "What is behind the engine '%s' failed so often that it is left alone for %s. Send the job again later, or ask for another model.";
        return new GenerationFailed(
                new Failure(
                        Code.ENGINE_UNAVAILABLE,
                        message.formatted(engine, settings.breaker().pause())),
                e);
    }

    private GenerationFailed outOfTurn(RequestNotPermitted e) {
        var message =
                "Rate limit exceeded: the engine '%s' asks its server %d times a minute, and so many jobs wait that this one's turn would come after %s.";
        return new GenerationFailed(
                new Failure(
                        Code.RATE_LIMITED, message.formatted(engine, settings.callsPerMinute(), settings.deadline())),
                e);
    }

    private static RetryConfig retries(ProviderSettings.Retry settings) {
        var backOff = backOff(settings);
        return RetryConfig.custom()
                .maxAttempts(1 + settings.maxRetries())
                .retryOnException(
                        e -> e instanceof GenerationFailed failed && isWorthAsking(failed.failure(), settings))
                .intervalBiFunction((attempt, result) -> {
                    var asked = retryAfter(result.getLeft());
                    return asked == null ? backOff.apply(attempt) : Long.valueOf(asked.toMillis());
                })
                .build();
    }

    /** Before retry k: {@code min(base * 2^(k-1), cap)}. */
    static IntervalFunction backOff(ProviderSettings.Retry settings) {
        return settings.jitter() == 0
                ? IntervalFunction.ofExponentialBackoff(settings.base(), 2, settings.cap())
                : IntervalFunction.ofExponentialRandomBackoff(settings.base(), 2, settings.jitter(), settings.cap());
    }

    private static boolean isWorthAsking(Failure failure, ProviderSettings.Retry settings) {
        var seconds = failure.retryAfterSeconds();
        if (seconds != null && seconds > settings.maxRetryAfter().toSeconds()) {
            return false;
        }
        return switch (failure.code()) {
            case NETWORK_ERROR -> true;
            // A redirection that is not followed has a status below: it would be the same again.
            case PROVIDER_ERROR -> failure.providerStatus() != null && failure.providerStatus() >= 500;
            case PROVIDER_TIMEOUT -> settings.timeouts();
            case RATE_LIMITED -> settings.rateLimits();
            // Such as a model that is being loaded: the server is well and says when to come back.
            case ENGINE_UNAVAILABLE -> seconds != null;
            default -> false;
        };
    }

    /** How it failed; whatever nobody foresaw is the engine's own fault. */
    private static Code codeOf(Throwable thrown) {
        return thrown instanceof GenerationFailed failed ? failed.failure().code() : Code.ENGINE_ERROR;
    }

    private static @Nullable Duration retryAfter(@Nullable Throwable thrown) {
        if (thrown instanceof GenerationFailed failed && failed.failure().retryAfterSeconds() != null) {
            return Duration.ofSeconds(failed.failure().retryAfterSeconds());
        }
        return null;
    }

    private static BulkheadConfig places(ProviderSettings settings) {
        return BulkheadConfig.custom()
                .maxConcurrentCalls(settings.maxConnections())
                .maxWaitDuration(settings.acquire())
                .build();
    }

    private static RateLimiterConfig pace(ProviderSettings settings) {
        return RateLimiterConfig.custom()
                .limitForPeriod(settings.callsPerMinute() == 0 ? Integer.MAX_VALUE : settings.callsPerMinute())
                .limitRefreshPeriod(Duration.ofMinutes(1))
                .timeoutDuration(settings.deadline())
                .build();
    }

    private static CircuitBreakerConfig breaker(ProviderSettings.Breaker settings) {
        return CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(settings.calls())
                .minimumNumberOfCalls(Math.min(settings.minimum(), settings.calls()))
                .failureRateThreshold(settings.failureRate())
                .waitDurationInOpenState(settings.pause())
                .permittedNumberOfCallsInHalfOpenState(3)
                .recordException(e -> SERVERS_FAULT.contains(codeOf(e)))
                .build();
    }
}
