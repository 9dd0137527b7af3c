package io.atelier.gateway.api.operations;

import io.atelier.contract.job.JobId;
import io.atelier.messaging.DeadLetter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of a dead deadLetter. It does not contain the record of the task, because that has the client's prompt. */
@Schema(name = "DeadLetter")
public record DeadLetterObject(
        @Schema(allowableValues = "dead_letter") String object,

        @Schema(
                description = "The generation of the task; null if the record could not be read",
                example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0")
        @Nullable
        String jobId,

        @Schema(
                description = "The task within its generation; empty if the record could not be read",
                example = "generate")
        String task,

        @Schema(description = "The number of the attempt that was not made", example = "4")
        int attempt,

        @Schema(description = "When the task was given up") Instant at,
        Reason reason,

        @Schema(description = "The topic of the record", example = "atelier.generation-requested.default")
        String topic,

        int partition,
        long offset) {

    /** The public part of a dead deadLetter. */
    public static DeadLetterObject of(DeadLetter deadLetter) {
        return new DeadLetterObject(
                "dead_letter",
                JobId.parse(deadLetter.key()).map(JobId::value).orElse(null),
                deadLetter.task(),
                deadLetter.attempt(),
                deadLetter.at(),
                new Reason(
                        deadLetter.reason().code().word(), deadLetter.reason().message()),
                deadLetter.topic(),
                deadLetter.partition(),
                deadLetter.offset());
    }

    /** Why the task was given up. */
    @Schema(name = "DeadLetterReason")
    public record Reason(@Schema(example = "poisoned") String code, String message) {}

    /** The newest dead letters. */
    @Schema(name = "DeadLetters")
    record Listing(
            @Schema(allowableValues = "list") String object,
            List<DeadLetterObject> data,

            @Schema(description = "Whether there are older ones that are not listed")
            boolean hasMore) {}
}
