package io.atelier.gateway.view.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The JSON of a job's position in the queue. Unknown values are left out, never guessed. */
@Schema(name = "Queue")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueuePosition(
        @Schema(example = "default") String pool,
        @Schema(allowableValues = "standard") String lane,

        @Schema(description = "1 for the next job of the pool") @Nullable
        Integer position,

        @Schema(description = "Number of queued jobs of the pool before this one") @Nullable
        Integer ahead,

        @Schema(description = "Number of jobs of the pool that are generated now; 'position' does not count them")
        @Nullable
        Integer aheadRunning,

        @Schema(
                description =
                        "Seconds until the job ends, estimated from the recent durations of such jobs, the live workers and how "
                                + "fast the queue was drained; left out if no such job has ended or no worker is live",
                example = "6")
        @Nullable
        Long etaSeconds,

        @Schema(allowableValues = {"low", "medium", "high"}) @Nullable
        String etaConfidence) {

    /** The only lane. */
    public static final String LANE = "standard";

    /** The same position without an estimated time. */
    public QueuePosition withoutEta() {
        return new QueuePosition(pool, lane, position, ahead, aheadRunning, null, null);
    }

    /** An unknown position in the queue of a pool. */
    static QueuePosition in(String pool) {
        return new QueuePosition(pool, LANE, null, null, null, null, null);
    }
}
