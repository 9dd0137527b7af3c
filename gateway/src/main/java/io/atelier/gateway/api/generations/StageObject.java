package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The JSON of a stage of an avatar. */
@Schema(name = "AvatarStage", description = "One task, or several that may run at the same time")
record StageObject(
        @Schema(
                description = "Its name: " + AvatarStage.PROMPTING + ", " + AvatarStage.BASE + ", " + AvatarStage.GRIDS
                        + ", " + AvatarStage.SPLITTING + " or " + AvatarStage.PUBLISHING + "; more values may come",
                example = AvatarStage.PROMPTING)
        String stage,

        @Schema(description = "When a worker started its first task") @Nullable
        Instant startedAt,

        @Schema(description = "When its last task was done") @Nullable
        Instant completedAt,

        @Schema(description = "The number of tasks that are done")
        int done,

        @Schema(description = "The number of tasks") int total) {

    static StageObject of(Job.Stage stage) {
        return new StageObject(stage.stage(), stage.startedAt(), stage.completedAt(), stage.done(), stage.total());
    }
}
