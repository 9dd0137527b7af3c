package io.atelier.gateway.lifecycle;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.encoding.Rfc3339;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The JSON message to a webhook about the end of a job. It contains no image, but the paths of the HTTP API at which the images are; the
 * lifecycle does not know the address of the API.
 *
 * @param type kind of message, such as {@code generation.succeeded}
 * @param timestamp when the job ended
 */
record WebhookBody(String type, String timestamp, Outcome data) {

    /** The largest number of images that are listed. */
    static final int MAX_IMAGES = 50;

    /** A message has fewer bytes than this in UTF-8. */
    static final int MAX_BYTES = 20_000;

    private static final int MAX_ERROR_CHARACTERS = 1_000;

    /** Numbers of images to list, the first that leaves the message small enough counts. */
    private static final List<Integer> IMAGE_LIMITS = List.of(MAX_IMAGES, 10, 0);

    /**
     * The compact JSON of a message. Lists fewer images, and leaves labels out, if it would be too large otherwise.
     *
     * @param job public state of a job that has ended
     * @param type see {@link WebhookBody}
     * @param at when the job ended
     */
    static String json(Job job, String type, Instant at) {
        // As all times in the HTTP API.
        var timestamp = Rfc3339.milliseconds(at);
        return Stream.of(true, false)
                .flatMap(hasLabels -> IMAGE_LIMITS.stream().map(limit -> Outcome.of(job, limit, hasLabels)))
                .map(outcome -> EventCodec.json().writeValueAsString(new WebhookBody(type, timestamp, outcome)))
                .filter(json -> json.getBytes(StandardCharsets.UTF_8).length < MAX_BYTES)
                .findFirst()
                .orElseThrow();
    }

    /**
     * How the job ended. The members are those of the generation in the HTTP API.
     *
     * @param labels labels of the client; left out if they would make the message too large
     * @param model model that generated the images, or the last one tried; null if the job only splits images
     * @param images the first images to deliver
     * @param imagesTotal number of all images to deliver; left out if all are listed
     * @param error why there is no result; left out if there is no error
     */
    record Outcome(
            JobId id,
            String object,
            int version,
            JobStatus status,
            @Nullable String clientRef,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Map<String, String> labels,

            @Nullable String model,
            List<Image> images,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer imagesTotal,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Problem error,

            Urls urls) {

        private static Outcome of(Job job, int limit, boolean hasLabels) {
            var request = job.request();
            var urls = Urls.of(job);
            return new Outcome(
                    job.id(),
                    "generation",
                    job.version(),
                    job.status(),
                    request.clientRef(),
                    hasLabels ? request.labels() : null,
                    request.model().isEmpty() ? null : request.model(),
                    job.images().stream()
                            .limit(limit)
                            .map(image -> Image.of(image, urls))
                            .toList(),
                    job.images().size() > limit ? job.images().size() : null,
                    job.error() == null ? null : Problem.of(job.error()),
                    urls);
        }
    }

    /**
     * An image, without its content.
     *
     * @param bucket bucket of the published copy; left out if none was published
     * @param key key of the published copy in that bucket; left out if none was published
     */
    record Image(
            int index,
            String url,
            String sha256,
            int width,
            int height,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String bucket,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String key) {

        private static Image of(StoredImage image, Urls urls) {
            var copy = image.published();
            return new Image(
                    image.index(),
                    urls.images() + "/" + image.index(),
                    image.sha256(),
                    image.width(),
                    image.height(),
                    copy == null ? null : copy.bucket(),
                    copy == null ? null : copy.key());
        }
    }

    /**
     * Why there is no result.
     *
     * @param retryable whether the client may send the same request again
     */
    record Problem(String code, String message, boolean retryable) {

        private static Problem of(Failure failure) {
            var message = failure.message();
            int end = message.offsetByCodePoints(
                    0, Math.min(MAX_ERROR_CHARACTERS, message.codePointCount(0, message.length())));
            return new Problem(
                    failure.code().word(),
                    message.substring(0, end),
                    failure.code().retryable());
        }
    }

    /** The paths of the job in the HTTP API. */
    record Urls(
            String self,
            String images,
            String events,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String grid) {

        private static Urls of(Job job) {
            var self = "/v1/generations/" + job.id();
            var images = self + "/images";
            return new Urls(self, images, self + "/events", job.grids().isEmpty() ? null : images + "/grid");
        }
    }
}
