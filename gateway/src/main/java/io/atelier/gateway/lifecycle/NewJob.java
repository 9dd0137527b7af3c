package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;

/** Names the first task of a job, and computes its first state, so that the gateway can show a job that the view does not contain yet. */
public final class NewJob {

    private NewJob() {}

    /**
     * Version 1 of the job, equal to the one that the lifecycle will publish.
     *
     * @param request request as the gateway publishes it, with attempt 1
     */
    public static Job of(GenerationRequested request) {
        return JobHistory.empty().with(request).announcement(1).job();
    }

    /** The name of the task of a request that is published; with an id that the client chose, the beginning of that name. */
    public static String task(GenerationRequest request) {
        return TaskPlan.nameOf(request);
    }
}
