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
 * How patiently an engine deals with the server behind it.
 *
 * @param connect how long a connection may take to open
 * @param read how long the server may be silent, before its answer and within it
 * @param write how long the server may take none of the request
 * @param acquire how long a job waits for a free connection
 * @param call how long one call may take in all, from the connection to the last byte
 * @param deadline how long all calls for one picture and the pauses between them may take together
 * @param maxConnections how many calls run at once
 * @param idleConnections how many connections are kept open for the next call
 * @param callsPerMinute how many calls begin within a minute; 0 for as many as there are
 * @param maxAnswer the longest answer that is read
 * @param maxPixels the largest picture that is decoded: width times height
 * @param followPostAsGet whether a POST that is redirected by 301, 302 or 303 is sent on as a GET without its body, as browsers do;
 *     refused otherwise
 * @param fetchPrivate whether a picture that the server only names by its address is fetched from private networks, too
 * @param retry which calls are made again, and when
 * @param breaker when the server is left alone for a while
 */
public record ProviderSettings(
        @DefaultValue("30s") @DurationMin(millis = 1) Duration connect,
        @DefaultValue("120s") @DurationMin(millis = 1) Duration read,
        @DefaultValue("120s") @DurationMin(millis = 1) Duration write,
        @DefaultValue("30s") @DurationMin(millis = 1) Duration acquire,
        @DefaultValue("300s") @DurationMin(millis = 1) Duration call,
        @DefaultValue("620s") @DurationMin(millis = 1) Duration deadline,
        @DefaultValue("10") @Min(1) @Max(1000) int maxConnections,
        @DefaultValue("5") @Min(0) @Max(1000) int idleConnections,
        @DefaultValue("0") @Min(0) int callsPerMinute,
        @DefaultValue("50MB") DataSize maxAnswer,
        @DefaultValue("67108864") @Min(1) long maxPixels,
        @DefaultValue("false") boolean followPostAsGet,
        @DefaultValue("false") boolean fetchPrivate,
        @DefaultValue @Valid Retry retry,
        @DefaultValue @Valid Breaker breaker) {

    /**
     * The same for a server that says nothing until it has drawn: its silence is no failure before the call's own time is up, and what took
     * too long is not asked again, because the server may still be drawing it.
     */
    public ProviderSettings silentWhileDrawing() {
        return new ProviderSettings(
                connect,
                read.compareTo(call) < 0 ? call : read,
                write,
                acquire,
                call,
                deadline,
                maxConnections,
                idleConnections,
                callsPerMinute,
                maxAnswer,
                maxPixels,
                followPostAsGet,
                fetchPrivate,
                retry.exceptTimeouts(),
                breaker);
    }

    /**
     * Which calls are made again, and when: after {@code base}, then twice as long each time, up to {@code cap}. Network failures and
     * answers from 500 on always are, and so is a server that is not ready and says when it will be.
     *
     * @param maxRetries how often after the first call
     * @param jitter by what part a pause may be shorter or longer, 0 to 1
     * @param timeouts whether calls that took too long are made again: they may have been paid for
     * @param rateLimits whether calls that came too often (429) are made again
     * @param maxRetryAfter a server that wants to be left alone for longer is not asked again
     */
    public record Retry(
            @DefaultValue("3") @Min(0) @Max(10) int maxRetries,
            @DefaultValue("1s") @DurationMin(millis = 1) Duration base,
            @DefaultValue("10s") @DurationMin(millis = 1) Duration cap,

            @DefaultValue("0") @DecimalMin("0") @DecimalMax("1")
            double jitter,

            @DefaultValue("true") boolean timeouts,
            @DefaultValue("false") boolean rateLimits,
            @DefaultValue("60s") Duration maxRetryAfter) {

        private Retry exceptTimeouts() {
            return new Retry(maxRetries, base, cap, jitter, false, rateLimits, maxRetryAfter);
        }
    }

    /**
     * When a server is left alone: once that part of the last calls failed by its fault.
     *
     * @param calls of how many calls the failed ones are counted
     * @param minimum before so many calls nothing is decided
     * @param failureRate from how many percent of failed calls on
     * @param pause for how long; then a few calls try whether it is well again
     */
    public record Breaker(
            @DefaultValue("20") @Min(2) @Max(1000) int calls,
            @DefaultValue("10") @Min(1) @Max(1000) int minimum,

            @DefaultValue("50") @DecimalMin("1") @DecimalMax("100")
            float failureRate,

            @DefaultValue("30s") @DurationMin(millis = 1) Duration pause) {}
}
