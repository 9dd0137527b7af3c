package io.atelier.gateway.api.operations;

import io.atelier.contract.job.JobId;
import io.atelier.messaging.DeadLetter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of a dead letter. The order itself, and with it the client's words, is not shown. */
@Schema(name = "DeadLetter")
public record DeadLetterObject(
        @Schema(allowableValues = "dead_letter") String object,

        @Schema(
                description = "Whose task it was; null if the order could not be read",
                example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0")
        @Nullable
        String jobId,

        @Schema(
                description = "Names the task within its job; empty if the order could not be read",
                example = "generate")
        String task,

        @Schema(description = "The attempt that was not made", example = "4")
        int attempt,

        @Schema(description = "When it was given up") Instant at,
        Reason reason,

        @Schema(description = "Where the order lies", example = "atelier.generation-requested.default")
        String topic,

        int partition,
        long offset) {

    /** What the world may know of a letter. */
    public static DeadLetterObject of(DeadLetter letter) {
        return new DeadLetterObject(
                "dead_letter",
                JobId.parse(letter.key()).map(JobId::value).orElse(null),
                letter.task(),
                letter.attempt(),
                letter.at(),
                new Reason(letter.reason().code().word(), letter.reason().message()),
                letter.topic(),
                letter.partition(),
                letter.offset());
    }

    /** Why it was given up. */
    @Schema(name = "DeadLetterReason")
    public record Reason(@Schema(example = "poisoned") String code, String message) {}

    /** The newest dead letters. */
    @Schema(name = "DeadLetters")
    record Listing(
            @Schema(allowableValues = "list") String object,
            List<DeadLetterObject> data,

            @Schema(description = "Whether older ones are not shown")
            boolean hasMore) {}
}
