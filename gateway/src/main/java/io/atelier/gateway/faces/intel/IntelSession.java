package io.atelier.gateway.faces.intel;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * The state of a session.
 *
 * @param name {@code default}, or that in the header of its requests
 * @param newest its newest job; null if it has none
 * @param ordinal of the newest job; 0 if there is none
 * @param nextOrdinal of its next job
 * @param device that the client selected; null if it has selected none
 * @param isCleared whether the result of the newest job was taken away: by the selection of a device, or because it was sent and strict mode is on
 */
record IntelSession(
        String name,
        @Nullable Job newest,
        long ordinal,
        long nextOrdinal,
        @Nullable String device,
        boolean isCleared) {

    /** Whether its newest job has not ended. */
    boolean isRunning() {
        return newest != null && !newest.status().terminal();
    }

    /** The newest job if it has an image to send, else null. */
    @Nullable
    Job completed() {
        return newest != null
                        && hasResult(newest)
                        && newest.status() == JobStatus.SUCCEEDED
                        && !newest.images().isEmpty()
                ? newest
                : null;
    }

    /** The newest job if it has ended without an image, else null. */
    @Nullable
    Job failed() {
        return newest != null && hasResult(newest) && completed() == null ? newest : null;
    }

    private boolean hasResult(Job job) {
        return job.status().terminal() && job.erasure() == null && !isCleared;
    }
}
