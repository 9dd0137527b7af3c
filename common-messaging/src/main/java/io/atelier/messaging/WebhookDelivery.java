package io.atelier.messaging;

import com.fasterxml.jackson.annotation.JsonValue;
import io.atelier.contract.job.JobId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One message to the webhook of a job, and what became of it: the value of the topic {@link Topic#WEBHOOK_DELIVERIES}, whose key is {@link #id}.
 * The lifecycle writes the first record of a delivery; the sender writes a further one after each attempt. The last record counts. When a job is
 * erased, the lifecycle deletes its delivery with a tombstone, because url and body can hold personal data; an attempt
 * that runs meanwhile leaves at most a record with an empty url and body.
 *
 * @param id id of the delivery: the CloudEvents id of the event of the end, and the value of the header {@code webhook-id}
 * @param job job that ended
 * @param type kind of message, such as {@code generation.succeeded}
 * @param url address of the receiver
 * @param body JSON body, which is sent unchanged at each attempt, because the signature covers it; less than 20,000 bytes
 * @param traceparent trace of the request that created the job, by W3C Trace Context; null if there is none
 * @param createdAt when the job ended
 * @param status whether the message was received
 * @param attempts attempts so far, oldest first; at most {@value #MAX_ATTEMPTS_KEPT} of the last ones
 * @param nextAttemptAt earliest time of the next attempt; null if there is none
 */
public record WebhookDelivery(
        String id,
        JobId job,
        String type,
        String url,
        String body,
        @Nullable String traceparent,
        Instant createdAt,
        Status status,
        List<Attempt> attempts,
        @Nullable Instant nextAttemptAt) {

    /** The largest number of attempts in a record. */
    public static final int MAX_ATTEMPTS_KEPT = 20;

    public WebhookDelivery {
        attempts = List.copyOf(attempts.subList(Math.max(0, attempts.size() - MAX_ATTEMPTS_KEPT), attempts.size()));
    }

    /** The same delivery with the trace of a request; null for none. */
    public WebhookDelivery withTraceparent(@Nullable String trace) {
        return new WebhookDelivery(id, job, type, url, body, trace, createdAt, status, attempts, nextAttemptAt);
    }

    /** The same delivery, to be attempted once more at the given time, whatever became of it. */
    public WebhookDelivery pendingAt(Instant time) {
        return new WebhookDelivery(id, job, type, url, body, traceparent, createdAt, Status.PENDING, attempts, time);
    }

    /** The state of a delivery. */
    public enum Status {
        /** An attempt is due or planned. */
        PENDING,
        /** The receiver answered with a status from 200 to 299. */
        DELIVERED,
        /** No attempt follows unless a client asks for one. */
        FAILED;

        /** The JSON value: the name in lower case. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One attempt.
     *
     * @param at when it began
     * @param httpStatus status of the response; null if there was none
     * @param error why the attempt failed, without content of the response; null if it succeeded
     * @param millis duration in milliseconds
     */
    public record Attempt(
            Instant at,
            @Nullable Integer httpStatus,
            @Nullable String error,
            long millis) {}
}
