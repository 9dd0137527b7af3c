package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.CanceledBy;
import io.atelier.contract.job.JobEvent.DeadlineKind;
import io.atelier.contract.job.JobEvent.DeadlinePassed;
import java.time.Duration;

/** What a passed deadline says and asks for. */
final class DeadlineFailures {

    private static final Duration GRACE = Duration.ofSeconds(5);

    private DeadlineFailures() {}

    static Failure missedBeforeStart(DeadlinePassed event) {
        var deadline = event.kind() == DeadlineKind.START_BY ? "start_by" : "complete_by";
        return new Failure(
                Failure.Code.DEADLINE_EXCEEDED,
                "No worker had begun the job when its deadline.%s passed (%s). Give it more time, or run more workers."
                        .formatted(deadline, event.at()));
    }

    static Failure missedAfterStart(CancelRequested wish) {
        return new Failure(
                Failure.Code.DEADLINE_EXCEEDED,
                "The job had begun but was not done when its deadline.complete_by passed (%s). Give it more time."
                        .formatted(wish.at()));
    }

    /** Ends a job that was begun. */
    static CancelRequested wish(DeadlinePassed event) {
        return new CancelRequested(event.job(), event.at(), CanceledBy.DEADLINE, null, GRACE);
    }
}
