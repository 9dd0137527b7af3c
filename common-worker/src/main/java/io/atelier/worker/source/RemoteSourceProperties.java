package io.atelier.worker.source;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings for images at addresses that clients named, of generator and splitter workers.
 *
 * @param enabled whether such images are fetched; a job that needs one fails otherwise
 * @param fetchPrivate whether they are also fetched from private networks, and by http. Only for tests
 * @param timeouts time limits of one request and of all requests for one image
 * @param limits the largest file and image; also for source images in the object store
 * @param retry how often a request is repeated that failed because of the network or the server
 */
@Validated
@ConfigurationProperties("io.atelier.sources.remote")
public record RemoteSourceProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("false") boolean fetchPrivate,
        @DefaultValue @Valid Timeouts timeouts,
        @DefaultValue @Valid Limits limits,
        @DefaultValue @Valid Retry retry) {

    /**
     * Time limits; each is at least 1 ms.
     *
     * @param connectTimeout for opening a connection
     * @param readTimeout how long the server may send nothing
     * @param callTimeout for one request with its redirects, from the connection to the last byte
     * @param totalTimeout for all requests for one image, with the intervals between them
     */
    public record Timeouts(
            @DefaultValue("10s") @DurationMin(millis = 1) Duration connectTimeout,
            @DefaultValue("30s") @DurationMin(millis = 1) Duration readTimeout,
            @DefaultValue("120s") @DurationMin(millis = 1) Duration callTimeout,
            @DefaultValue("180s") @DurationMin(millis = 1) Duration totalTimeout) {}

    /**
     * The largest file and image that are accepted.
     *
     * @param maxResponse the longest file
     * @param maxPixels width times height of the largest image that is decoded
     */
    public record Limits(
            @DefaultValue("50MB") DataSize maxResponse,
            @DefaultValue("67108864") @Min(1) long maxPixels) {}

    /**
     * How often a request is repeated: after {@code baseInterval}, then twice as long each time, up to {@code maxInterval}.
     *
     * @param maxRetries how many requests may follow the first one
     * @param baseInterval the time before the first repetition
     * @param maxInterval the longest time between two requests
     */
    public record Retry(
            @DefaultValue("3") @Min(0) @Max(10) int maxRetries,
            @DefaultValue("1s") @DurationMin(millis = 1) Duration baseInterval,
            @DefaultValue("10s") @DurationMin(millis = 1) Duration maxInterval) {

        /** @param repetition from 0 */
        Duration interval(int repetition) {
            var doubled = baseInterval.multipliedBy(1L << repetition);
            return doubled.compareTo(maxInterval) < 0 ? doubled : maxInterval;
        }
    }
}
