package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.GenerationRequest;
import java.util.List;

/**
 * A task of a job, as it was planned when the job was accepted.
 *
 * @param name name of the task within its job; a fallback model changes it to {@link JobTask#name}
 * @param kind what workers do for the task
 * @param needs names of the planned tasks whose results the task uses; empty if it can start at once
 * @param request request for the first model
 */
record PlannedTask(String name, Kind kind, List<String> needs, GenerationRequest request) {

    PlannedTask {
        needs = List.copyOf(needs);
    }

    /** Whether the task can start at once. */
    boolean isFirst() {
        return needs.isEmpty();
    }

    /**
     * Whether the job goes on when the task fails for good. A generated grid that cannot be cut is still a result that the client may have
     * paid for.
     */
    boolean isOptional() {
        return kind == Kind.SPLIT && !isFirst();
    }

    /** What workers do for a task. */
    enum Kind {
        /** A generator worker makes images. */
        GENERATE("generating"),
        /** A splitter worker cuts grids into tiles. */
        SPLIT("splitting");

        private final String stage;

        Kind(String stage) {
            this.stage = stage;
        }

        /** The value of {@link io.atelier.contract.job.Job#stage} while a worker runs such a task. */
        String stage() {
            return stage;
        }
    }
}
