package io.atelier.generator;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.TaskProgress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an order by this worker, and what can be reported of it.
 *
 * @param number from 1; rises with each delivery of the order
 */
record Attempt(GenerationRequested order, int number, Worker worker) {

    TaskStarted started(Instant at) {
        return new TaskStarted(order.job(), order.task(), number, at, worker);
    }

    TaskProgress progress(Instant at, String phase, int step, int steps) {
        return new TaskProgress(order.job(), order.task(), number, at, phase, step, steps);
    }

    /** @param engineMillis null if an earlier delivery drew the pictures */
    TaskSucceeded succeeded(Instant at, PictureAlbum.Kept kept, @Nullable Long engineMillis) {
        return new TaskSucceeded(
                order.job(), order.task(), number, at, worker, kept.images(), kept.warnings(), engineMillis);
    }

    TaskFailed failed(Instant at, Failure failure) {
        return new TaskFailed(order.job(), order.task(), number, at, worker, failure);
    }

    /** For the log. The prompt is the client's and never goes there. */
    @Override
    public String toString() {
        var request = order.request();
        return "%s %s attempt %d (%d x %s, %s)"
                .formatted(order.job(), order.task(), number, request.n(), request.size(), request.engine());
    }
}
