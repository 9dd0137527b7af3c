package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;

/** What the lifecycle makes of a request, for those who must show the job before the view does. */
public final class NewJob {

    private NewJob() {}

    /**
     * Version 1 of the job, as it will be announced.
     *
     * @param request the client's own, so of attempt 1
     */
    public static Job of(GenerationRequested request) {
        return JobHistory.empty().hear(request).announcement(1).job();
    }
}
