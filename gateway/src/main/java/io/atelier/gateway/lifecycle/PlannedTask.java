package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task of a job, as it was planned when the job was accepted.
 *
 * @param name name of the task within its job; a fallback model changes it to {@link JobTask#name}
 * @param kind what workers do for the task
 * @param step what the task makes of an avatar; null if the job is no avatar
 * @param index number of the task among those of the same step, from 0
 * @param needs names of the planned tasks whose results the task uses; empty if it can start at once
 * @param request request for the first model
 */
record PlannedTask(
        String name, Kind kind, @Nullable AvatarStep step, int index, List<String> needs, GenerationRequest request) {

    PlannedTask {
        needs = List.copyOf(needs);
    }

    /** A task of a job that is no avatar. */
    PlannedTask(String name, Kind kind, List<String> needs, GenerationRequest request) {
        this(name, kind, null, 0, needs, request);
    }

    /** Whether the task can start at once. */
    boolean isFirst() {
        return needs.isEmpty();
    }

    /**
     * Whether the job goes on when the task fails for good. A generated grid that cannot be cut is still a result that the client may have
     * paid for. The images of an avatar are delivered together or not at all.
     */
    boolean isOptional() {
        return kind == Kind.SPLIT && !isFirst() && step == null;
    }

    /** The value of {@link Job#stage} while a worker runs the task. */
    String stage() {
        return step == null ? kind.stage() : AvatarPlan.stage(step);
    }

    /** An image of the task with its number within the job: grids and tiles of an avatar come from several tasks. */
    StoredImage numbered(StoredImage image) {
        if (step == AvatarStep.SPLIT) {
            return image.numbered(index * AvatarSpec.IMAGES_PER_GRID + image.index());
        }
        return step == AvatarStep.GRID ? image.numbered(index) : image;
    }

    /** A notice of the task with the number of its tile within the job. */
    Job.Warning numbered(Job.Warning warning) {
        return step != AvatarStep.SPLIT || warning.tile() == null
                ? warning
                : new Job.Warning(
                        warning.code(), warning.message(), index * AvatarSpec.IMAGES_PER_GRID + warning.tile());
    }

    /** What workers do for a task. */
    enum Kind {
        /** A generator worker makes images. */
        GENERATE("generating"),
        /** A splitter worker cuts grids into tiles. */
        SPLIT("splitting"),
        /** A generator worker writes a prompt from a persona. */
        PROMPT("prompting"),
        /** A splitter worker copies images to their public keys. */
        PUBLISH("publishing");

        private final String stage;

        Kind(String stage) {
            this.stage = stage;
        }

        /** The stage of a job that is no avatar while a worker runs such a task. */
        String stage() {
            return stage;
        }
    }
}
