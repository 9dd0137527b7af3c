package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.DeadlineKind;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.DeadlinePassed;
import io.atelier.contract.job.JobId;
import java.time.Duration;
import java.time.Instant;

/** Creates the failure or the cancellation request that follows from a passed deadline, and the one that follows from a failure. */
final class DeadlineFailures {

    private static final Duration GRACE_PERIOD = Duration.ofSeconds(5);

    private DeadlineFailures() {}

    /** The error of a job that expired because no worker started it in time. */
    static Failure missedBeforeStart(DeadlinePassed event) {
        var deadline = event.kind() == DeadlineKind.START_BY ? "start_by" : "complete_by";
        return new Failure(
                Failure.Code.DEADLINE_EXCEEDED,
                "No worker had started the job when its deadline.%s passed (%s). Set a later deadline, or run more workers."
                        .formatted(deadline, event.at()));
    }

    /** The error of a job that was canceled because it did not end in time. */
    static Failure missedAfterStart(CancelRequested cancellation) {
        return new Failure(
                Failure.Code.DEADLINE_EXCEEDED,
                "The job was running when its deadline.complete_by passed (%s). Set a later deadline."
                        .formatted(cancellation.at()));
    }

    /** The cancellation request for a job that has started and has not ended in time. */
    static CancelRequested cancellation(DeadlinePassed event) {
        return new CancelRequested(event.job(), event.at(), CanceledBy.DEADLINE, null, GRACE_PERIOD);
    }

    /** The cancellation request for the workers of a job of which another task failed for good. */
    static CancelRequested cancellationAfterFailure(JobId job, Instant at) {
        return new CancelRequested(job, at, CanceledBy.FAILURE, null, GRACE_PERIOD);
    }
}
