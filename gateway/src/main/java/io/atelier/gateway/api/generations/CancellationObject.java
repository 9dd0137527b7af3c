package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The JSON of a cancellation request and its outcome. */
@Schema(name = "Cancellation")
record CancellationObject(
        Instant requestedAt,

        @Schema(allowableValues = {"client", "disconnect", "erasure", "deadline"})
        String by,

        @Nullable String reason,

        @Schema(
                description = "Null until known",
                allowableValues = {"dequeued", "freed", "too_late", "unconfirmed"})
        @Nullable
        String outcome,

        @Schema(description = "Milliseconds from the request until the device was idle") @Nullable
        Long gpuFreedAfterMs,

        @Schema(description = "What stopped the task in the worker", example = "engine") @Nullable
        String freedBy) {

    static CancellationObject of(Job.Cancel cancel) {
        var outcome = cancel.outcome();
        return new CancellationObject(
                cancel.requestedAt(),
                cancel.by().word(),
                cancel.reason(),
                outcome == null ? null : outcome.word(),
                cancel.freedAfterMillis(),
                cancel.freedBy());
    }
}
