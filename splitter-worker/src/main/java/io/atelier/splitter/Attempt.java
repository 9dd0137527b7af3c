package io.atelier.splitter;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.TaskProgress;
import java.time.Instant;

/**
 * One attempt at an order by this worker, and what can be reported of it.
 *
 * @param number from 1; rises with each delivery of the order
 */
record Attempt(SplitRequested order, int number, Worker worker) {

    TaskStarted started(Instant at) {
        return new TaskStarted(order.job(), order.task(), number, at, worker);
    }

    /** @param grids how many grids are done */
    TaskProgress progress(Instant at, int grids) {
        return new TaskProgress(
                order.job(),
                order.task(),
                number,
                at,
                "split",
                grids,
                order.grids().size());
    }

    /** No engine worked for it, so no engine's time is told. */
    TaskSucceeded succeeded(Instant at, TileAlbum.Kept kept) {
        return new TaskSucceeded(order.job(), order.task(), number, at, worker, kept.images(), kept.warnings(), null);
    }

    TaskFailed failed(Instant at, Failure failure) {
        return new TaskFailed(order.job(), order.task(), number, at, worker, failure);
    }

    /** For the log. */
    @Override
    public String toString() {
        return "%s %s attempt %d (%d grids of %d x %d)"
                .formatted(
                        order.job(),
                        order.task(),
                        number,
                        order.grids().size(),
                        order.spec().rows(),
                        order.spec().cols());
    }
}
