package io.atelier.generator.provider;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the HTTP client for one provider: time limits, connections, size limits, retries and the circuit breaker.
 *
 * @param timeouts time limits of one call and of all calls for one image
 * @param connections how many calls run at once and begin within a minute
 * @param limits the largest response and the largest image that are accepted
 * @param followPostAsGet whether a POST that is redirected with 301, 302 or 303 is repeated as a GET without its body, as browsers do; such a
 *     redirect is a failure otherwise
 * @param fetchPrivate whether images that a response names only by their address are also fetched from private networks
 * @param retry which calls are retried, and when
 * @param breaker when the circuit breaker opens, and for how long
 */
public record ProviderSettings(
        @DefaultValue @Valid Timeouts timeouts,
        @DefaultValue @Valid Connections connections,
        @DefaultValue @Valid Limits limits,
        @DefaultValue("false") boolean followPostAsGet,
        @DefaultValue("false") boolean fetchPrivate,
        @DefaultValue @Valid Retry retry,
        @DefaultValue @Valid Breaker breaker) {

    /** A copy with other timeouts. */
    public ProviderSettings withTimeouts(Timeouts other) {
        return new ProviderSettings(other, connections, limits, followPostAsGet, fetchPrivate, retry, breaker);
    }

    /** A copy with other rules for retries. */
    public ProviderSettings withRetry(Retry other) {
        return new ProviderSettings(timeouts, connections, limits, followPostAsGet, fetchPrivate, other, breaker);
    }

    /**
     * A copy for a server that sends nothing until the image is finished: the read timeout is at least the call timeout, and calls that
     * timed out are not retried, because the server may still be working on them.
     */
    public ProviderSettings forSilentServer() {
        return withTimeouts(timeouts.withoutReadTimeout()).withRetry(retry.withTimeouts(false));
    }

    /**
     * Time limits; each is at least 1 ms.
     *
     * @param connectTimeout for opening a connection
     * @param readTimeout how long the server may send nothing, before the response and within it
     * @param writeTimeout how long the server may accept nothing of the request
     * @param acquireTimeout how long a job waits for a free connection
     * @param callTimeout for one call, from the connection to the last byte
     * @param totalTimeout for all calls for one image, with the intervals between them
     */
    public record Timeouts(
            @DefaultValue("30s") @DurationMin(millis = 1) Duration connectTimeout,
            @DefaultValue("120s") @DurationMin(millis = 1) Duration readTimeout,
            @DefaultValue("120s") @DurationMin(millis = 1) Duration writeTimeout,
            @DefaultValue("30s") @DurationMin(millis = 1) Duration acquireTimeout,
            @DefaultValue("300s") @DurationMin(millis = 1) Duration callTimeout,
            @DefaultValue("620s") @DurationMin(millis = 1) Duration totalTimeout) {

        /** A copy in which one call may take so long without a byte, and all calls together at least {@code total}. */
        public Timeouts withResponseTimeout(Duration response, Duration total) {
            return new Timeouts(
                    connectTimeout, response, writeTimeout, acquireTimeout, response, longer(total, totalTimeout));
        }

        private Timeouts withoutReadTimeout() {
            return new Timeouts(
                    connectTimeout,
                    longer(readTimeout, callTimeout),
                    writeTimeout,
                    acquireTimeout,
                    callTimeout,
                    totalTimeout);
        }

        private static Duration longer(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? other : one;
        }
    }

    /**
     * How many calls run at once and begin within a minute.
     *
     * @param max calls at once
     * @param idle connections that are kept open for the next call
     * @param callsPerMinute calls that begin within a minute; 0 for no limit
     */
    public record Connections(
            @DefaultValue("10") @Min(1) @Max(1000) int max,
            @DefaultValue("5") @Min(0) @Max(1000) int idle,
            @DefaultValue("0") @Min(0) int callsPerMinute) {}

    /**
     * The largest response and image that are accepted.
     *
     * @param maxResponse the longest response body that is read
     * @param maxPixels width times height of the largest image that is decoded
     */
    public record Limits(
            @DefaultValue("50MB") DataSize maxResponse,
            @DefaultValue("67108864") @Min(1) long maxPixels) {}

    /**
     * Which calls are retried, and when: after {@code baseInterval}, then twice as long each time, up to {@code maxInterval}. Network failures
     * and responses with a status from 500 on are always retried, and so is a server that is not ready and sends {@code Retry-After}.
     *
     * @param maxRetries how many calls may follow the first one
     * @param baseInterval the time before the first retry
     * @param maxInterval the longest time between two calls
     * @param jitter by what part an interval may be shorter or longer, 0 to 1
     * @param timeouts whether calls that timed out are retried: the provider may charge for both
     * @param rateLimits whether calls that the server refused with 429 are retried
     * @param maxRetryAfterInterval the longest {@code Retry-After} that is waited for; a call with a longer one is not retried
     */
    public record Retry(
            @DefaultValue("3") @Min(0) @Max(10) int maxRetries,
            @DefaultValue("1s") @DurationMin(millis = 1) Duration baseInterval,
            @DefaultValue("10s") @DurationMin(millis = 1) Duration maxInterval,

            @DefaultValue("0") @DecimalMin("0") @DecimalMax("1")
            double jitter,

            @DefaultValue("true") boolean timeouts,
            @DefaultValue("false") boolean rateLimits,
            @DefaultValue("60s") Duration maxRetryAfterInterval) {

        /** A copy that says whether calls that timed out are retried. */
        public Retry withTimeouts(boolean retried) {
            return new Retry(maxRetries, baseInterval, maxInterval, jitter, retried, rateLimits, maxRetryAfterInterval);
        }

        /** A copy that says whether calls that were refused with 429 are retried. */
        public Retry withRateLimits(boolean retried) {
            return new Retry(maxRetries, baseInterval, maxInterval, jitter, timeouts, retried, maxRetryAfterInterval);
        }
    }

    /**
     * When the circuit breaker opens: once the given percentage of the last calls failed because of the server.
     *
     * @param calls the number of last calls that are counted
     * @param minimum the number of calls below which the breaker stays closed
     * @param failureRate the percentage of failed calls from which the breaker opens, 1 to 100
     * @param openInterval how long the breaker stays open; then three calls test whether the server has recovered
     */
    public record Breaker(
            @DefaultValue("20") @Min(2) @Max(1000) int calls,
            @DefaultValue("10") @Min(1) @Max(1000) int minimum,

            @DefaultValue("50") @DecimalMin("1") @DecimalMax("100")
            float failureRate,

            @DefaultValue("30s") @DurationMin(millis = 1) Duration openInterval) {}
}
