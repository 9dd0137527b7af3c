package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Worker;
import io.atelier.gateway.lifecycle.JobTask.Release;
import io.atelier.gateway.lifecycle.JobTask.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Builds a {@link JobTask} from its plan, or a changed copy of one. Not thread-safe. */
final class JobTaskBuilder {

    private final PlannedTask plan;
    private GenerationRequest request;
    private Status status;
    private int attempt;
    private JobVersion changed;
    private @Nullable Instant notBefore;
    private @Nullable Instant startedAt;
    private @Nullable Worker worker;
    private TaskResult result;
    private @Nullable Release release;

    JobTaskBuilder(PlannedTask plan, Instant acceptedAt) {
        this.plan = plan;
        request = plan.request();
        status = Status.WAITING;
        attempt = 1;
        changed = new JobVersion(0, acceptedAt);
        result = TaskResult.NONE;
    }

    JobTaskBuilder(JobTask from) {
        plan = from.plan();
        request = from.request();
        status = from.status();
        attempt = from.attempt();
        changed = from.changed();
        startedAt = from.startedAt();
        result = from.result();
        release = from.release();
    }

    /** Sets the status since a version of the job. No worker runs the task, and a due attempt is due at once, unless set afterwards. */
    JobTaskBuilder status(Status value, JobVersion version) {
        status = value;
        changed = version;
        return this;
    }

    JobTaskBuilder request(GenerationRequest value) {
        request = value;
        return this;
    }

    JobTaskBuilder attempt(int number) {
        attempt = number;
        return this;
    }

    /** Delays the attempt. */
    JobTaskBuilder notBefore(Instant time) {
        notBefore = time;
        return this;
    }

    /** Sets the start of the task, unless it has started already. */
    JobTaskBuilder startedAt(Instant time) {
        startedAt = startedAt == null ? time : startedAt;
        return this;
    }

    JobTaskBuilder worker(Worker value) {
        worker = value;
        return this;
    }

    JobTaskBuilder result(TaskResult value) {
        result = value;
        return this;
    }

    JobTaskBuilder release(Release value) {
        release = value;
        return this;
    }

    JobTask build() {
        return new JobTask(plan, request, status, attempt, changed, notBefore, startedAt, worker, result, release);
    }
}
