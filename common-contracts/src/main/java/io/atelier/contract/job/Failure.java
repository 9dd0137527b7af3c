package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why something did not work, in words that every part shares.
 *
 * @param code what kind of failure; it knows whether another attempt can help
 * @param message one or two plain sentences for the person who sent the job: what was wrong, what to do. No secrets, no stack traces
 * @param providerStatus the HTTP status of the vendor or server behind the engine, if there is one
 */
public record Failure(Code code, String message, @Nullable Integer providerStatus) {

    public Failure(Code code, String message) {
        this(code, message, null);
    }

    /** Whether another attempt can end differently. */
    public boolean retryable() {
        return code.retryable();
    }

    /** The kinds of failure; {@code error.code} of a job. */
    public enum Code {
        /** The engine broke while drawing. */
        ENGINE_ERROR(true),
        /** The engine, its model or its vendor cannot be reached or used now. */
        ENGINE_UNAVAILABLE(true),
        /** The engine took longer than it may. */
        ENGINE_TIMEOUT(true),
        /** The device had too little memory. */
        OUT_OF_MEMORY(true),
        /** The store did not take or give an object. */
        STORAGE_ERROR(true),
        /** The worker stopped or vanished while it had the task. */
        WORKER_LOST(true),
        /** The engine refused the request as it stands: a size, a parameter, a model. */
        REQUEST_REJECTED(false),
        /** A safety filter refused the prompt or the picture. */
        MODERATION_BLOCKED(false),
        /** A vendor answered with an error that a repeat cannot mend. */
        PROVIDER_ERROR(false),
        /** The job's own deadline passed. */
        DEADLINE_EXCEEDED(false),
        /** Every attempt ended badly, the last ones by taking their worker with them. */
        POISONED(false);

        private final boolean retryable;

        Code(boolean retryable) {
            this.retryable = retryable;
        }

        public boolean retryable() {
            return retryable;
        }

        /** The word on the wire, such as {@code engine-error}. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
