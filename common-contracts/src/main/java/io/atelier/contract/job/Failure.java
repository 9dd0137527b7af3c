package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The reason why an attempt, a task or a job failed.
 *
 * @param code kind of failure; decides who may try again
 * @param message one or two plain sentences for the person who sent the request: what was wrong and what to do. Contains neither secrets
 *     nor stack traces. A blank one becomes {@link Code#sentence()}, so that a person never sees none
 * @param providerStatus HTTP status of the provider's response; null if there was none
 * @param providerRequestId the provider's id of the request, for its support; null if the provider sent none
 * @param retryAfterSeconds seconds after which the provider accepts the next request; null if the provider did not specify it
 */
public record Failure(
        Code code,
        String message,
        @Nullable Integer providerStatus,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String providerRequestId,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long retryAfterSeconds) {

    public Failure {
        message = message == null || message.isBlank() ? code.sentence() : message;
    }

    public Failure(Code code, String message) {
        this(code, message, null);
    }

    public Failure(Code code, String message, @Nullable Integer providerStatus) {
        this(code, message, providerStatus, null, null);
    }

    /** The same failure with another message. */
    public Failure withMessage(String other) {
        return new Failure(code, other, providerStatus, providerRequestId, retryAfterSeconds);
    }

    /**
     * The kinds of failure; {@code error.code} of a job in JSON.
     *
     * <p>A code answers three questions: {@link #isTransient()} (does the lifecycle retry the task by itself?), {@link #retryable()} (may the
     * client send the request again later?) and {@link #allowsFallback()} (may another model do it?).
     */
    public enum Code {
        /** The engine failed while it generated. */
        ENGINE_ERROR(Remedy.LIFECYCLE_RETRIES),
        /** The engine, its model or its provider cannot be reached or used at the moment. */
        ENGINE_UNAVAILABLE(Remedy.LIFECYCLE_RETRIES),
        /** The engine exceeded its timeout. */
        ENGINE_TIMEOUT(Remedy.LIFECYCLE_RETRIES),
        /** The device had too little memory. */
        OUT_OF_MEMORY(Remedy.LIFECYCLE_RETRIES),
        /** The object store failed to store or return an object. */
        STORAGE_ERROR(Remedy.LIFECYCLE_RETRIES),
        /** The worker stopped or disappeared while it held the task. */
        WORKER_LOST(Remedy.LIFECYCLE_RETRIES),
        /** The engine rejected the request: its size, a parameter or its model. */
        REQUEST_REJECTED(Remedy.NONE),
        /** A source image no longer exists or cannot be fetched. */
        SOURCE_UNAVAILABLE(Remedy.NONE),
        /** A safety filter rejected the prompt or an image. */
        MODERATION_BLOCKED(Remedy.NONE),
        /** The engine lacks a setting, such as an address or a key, or its model cannot be used: files are damaged or missing, or it needs too much memory. */
        NOT_CONFIGURED(Remedy.NONE),
        /** The provider rejected the credentials. */
        PROVIDER_AUTH(Remedy.NONE),
        /** The provider does not allow the HTTP method. */
        METHOD_NOT_ALLOWED(Remedy.NONE),
        /** The provider's rate limit was exceeded. */
        RATE_LIMITED(Remedy.CLIENT_RETRIES),
        /** The provider failed, also when the engine repeated the request. */
        PROVIDER_ERROR(Remedy.CLIENT_RETRIES),
        /** The provider exceeded its timeout. */
        PROVIDER_TIMEOUT(Remedy.CLIENT_RETRIES),
        /** The provider could not be reached, or closed the connection early. */
        NETWORK_ERROR(Remedy.CLIENT_RETRIES),
        /** The provider's response contains no readable image. */
        INVALID_RESPONSE(Remedy.CLIENT_RETRIES),
        /** A deadline of the job passed. */
        DEADLINE_EXCEEDED(Remedy.NONE),
        /** All attempts failed, and the last ones stopped their worker. */
        POISONED(Remedy.NONE);

        private final Remedy remedy;

        Code(Remedy remedy) {
            this.remedy = remedy;
        }

        /**
         * Whether the lifecycle retries the task by itself, as long as attempts are left. False for failures of a provider: the engine has
         * repeated the request already.
         */
        public boolean isTransient() {
            return remedy == Remedy.LIFECYCLE_RETRIES;
        }

        /** Whether the client may send the same request again later; {@code error.retryable} in JSON. True for all transient failures. */
        public boolean retryable() {
            return remedy != Remedy.NONE;
        }

        /**
         * Whether a fallback model may be asked. False if the request itself is the cause, if the deadline has passed, if the task stops its
         * workers, or if the object store fails, which would fail for another model too.
         */
        public boolean allowsFallback() {
            return switch (this) {
                case MODERATION_BLOCKED, SOURCE_UNAVAILABLE, DEADLINE_EXCEEDED, POISONED, STORAGE_ERROR -> false;
                default -> true;
            };
        }

        /** What the code means, in a sentence for the person who sent the request. */
        public String sentence() {
            return switch (this) {
                case ENGINE_ERROR -> "The engine failed while it generated the image.";
                case ENGINE_UNAVAILABLE -> "The engine cannot be reached or used at present.";
                case ENGINE_TIMEOUT -> "The engine did not finish in time.";
                case OUT_OF_MEMORY -> "The device has too little memory for this request. Try a smaller size.";
                case STORAGE_ERROR -> "The image store failed.";
                case WORKER_LOST -> "The worker stopped or disappeared while it generated the image.";
                case REQUEST_REJECTED -> "The engine rejected the request.";
                case SOURCE_UNAVAILABLE -> "An image of the request no longer exists, or cannot be fetched.";
                case MODERATION_BLOCKED -> "A content filter refused the prompt or the image.";
                case NOT_CONFIGURED ->
                    "The engine lacks a setting, such as an address or an API key, or its model cannot be used.";
                case PROVIDER_AUTH -> "The provider refused the API key.";
                case METHOD_NOT_ALLOWED -> "The provider does not allow the method of the request.";
                case RATE_LIMITED -> "The rate limit of the provider was exceeded. Please try again later.";
                case PROVIDER_ERROR -> "The provider failed. Please try again later.";
                case PROVIDER_TIMEOUT -> "The provider did not respond in time.";
                case NETWORK_ERROR -> "The provider could not be reached.";
                case INVALID_RESPONSE -> "The response of the provider contains no readable image.";
                case DEADLINE_EXCEEDED -> "A deadline of the generation passed.";
                case POISONED -> "All attempts failed, and the last ones stopped their worker.";
            };
        }

        /** The JSON value, such as {@code engine-error}. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private enum Remedy {
            NONE,
            LIFECYCLE_RETRIES,
            CLIENT_RETRIES
        }
    }
}
