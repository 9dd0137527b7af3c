package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of the wish to end the job early. */
@Schema(name = "Cancellation")
record CancellationObject(
        Instant requestedAt,

        @Schema(allowableValues = {"client", "disconnect", "erasure", "deadline"})
        String by,

        @Nullable String reason,

        @Schema(
                description = "Null until it is known",
                allowableValues = {"dequeued", "freed", "too_late", "unconfirmed"})
        @Nullable
        String outcome,

        @Schema(description = "How long the worker took to get its device idle") @Nullable
        Long gpuFreedAfterMs,

        @Schema(description = "What made the worker stop", example = "engine") @Nullable
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
