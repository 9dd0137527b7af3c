package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why something did not work, in words that every part shares.
 *
 * @param code what kind of failure; it knows whether another attempt can help
 * @param message one or two plain sentences for the person who sent the job: what was wrong, what to do. No secrets, no stack traces
 * @param providerStatus the HTTP status of the vendor or server behind the engine, if there is one
 * @param providerRequestId what that vendor calls the request, for its support; null if it did not say
 * @param retryAfterSeconds how long the vendor wants to be left alone; null if it did not say
 */
public record Failure(
        Code code,
        String message,
        @Nullable Integer providerStatus,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String providerRequestId,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long retryAfterSeconds) {

    public Failure(Code code, String message) {
        this(code, message, null);
    }

    public Failure(Code code, String message, @Nullable Integer providerStatus) {
        this(code, message, providerStatus, null, null);
    }

    /** Whether the lifecycle has the task tried again. */
    public boolean retryable() {
        return code.retryable();
    }

    /** The same kind of failure, told in other words. */
    public Failure inWords(String other) {
        return new Failure(code, other, providerStatus, providerRequestId, retryAfterSeconds);
    }

    /** The kinds of failure; {@code error.code} of a job. */
    public enum Code {
        /** The engine broke while drawing. */
        ENGINE_ERROR(Remedy.RETRY),
        /** The engine, its model or its vendor cannot be reached or used now. */
        ENGINE_UNAVAILABLE(Remedy.RETRY),
        /** The engine took longer than it may. */
        ENGINE_TIMEOUT(Remedy.RETRY),
        /** The device had too little memory. */
        OUT_OF_MEMORY(Remedy.RETRY),
        /** The store did not take or give an object. */
        STORAGE_ERROR(Remedy.RETRY),
        /** The worker stopped or vanished while it had the task. */
        WORKER_LOST(Remedy.RETRY),
        /** The engine refused the request as it stands: a size, a parameter, a model. */
        REQUEST_REJECTED(Remedy.NONE),
        /** A picture that was to be changed is gone, or cannot be fetched. */
        SOURCE_UNAVAILABLE(Remedy.NONE),
        /** A safety filter refused the prompt or the picture. */
        MODERATION_BLOCKED(Remedy.NONE),
        /** The engine lacks a setting, such as an address or a key. */
        NOT_CONFIGURED(Remedy.NONE),
        /** A vendor does not accept the key that it was shown. */
        PROVIDER_AUTH(Remedy.NONE),
        /** A vendor does not know the method by which it was asked. */
        METHOD_NOT_ALLOWED(Remedy.NONE),
        /** A vendor was asked too often. */
        RATE_LIMITED(Remedy.LATER),
        /** A vendor failed, and went on failing when it was asked again. */
        PROVIDER_ERROR(Remedy.LATER),
        /** A vendor took longer than it may. */
        PROVIDER_TIMEOUT(Remedy.LATER),
        /** A vendor could not be reached, or broke off. */
        NETWORK_ERROR(Remedy.LATER),
        /** A vendor answered with what is no picture. */
        INVALID_RESPONSE(Remedy.LATER),
        /** The job's own deadline passed. */
        DEADLINE_EXCEEDED(Remedy.NONE),
        /** Every attempt ended badly, the last ones by taking their worker with them. */
        POISONED(Remedy.NONE);

        private final Remedy remedy;

        Code(Remedy remedy) {
            this.remedy = remedy;
        }

        /** Whether another attempt at the task is due. Not where an engine asked its vendor several times already. */
        public boolean retryable() {
            return remedy == Remedy.RETRY;
        }

        /** Whether the same job, sent again later, can end differently. */
        public boolean isTransient() {
            return remedy != Remedy.NONE;
        }

        /** Whether another model may do what this one did not. Not where the job itself is what nobody wants or can do, or where it ends its worker. */
        public boolean allowsFallback() {
            return switch (this) {
                case MODERATION_BLOCKED, SOURCE_UNAVAILABLE, DEADLINE_EXCEEDED, POISONED, STORAGE_ERROR -> false;
                default -> true;
            };
        }

        /** The word on the wire, such as {@code engine-error}. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private enum Remedy {
            NONE,
            RETRY,
            LATER
        }
    }
}
