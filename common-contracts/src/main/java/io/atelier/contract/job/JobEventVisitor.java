package io.atelier.contract.job;

import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.DeadlinePassed;
import io.atelier.contract.job.JobEvent.EraseRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.Released;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;

/** A visitor with one method for each kind of event. It replaces the exhaustive switch over types that Java 17 lacks. */
public interface JobEventVisitor<R> {
    R requested(GenerationRequested event);

    R started(TaskStarted event);

    R succeeded(TaskSucceeded event);

    R failed(TaskFailed event);

    R canceled(TaskCanceled event);

    R cancelRequested(CancelRequested event);

    R eraseRequested(EraseRequested event);

    R deadlinePassed(DeadlinePassed event);

    R released(Released event);
}
