package io.atelier.contract.work;

import io.atelier.contract.job.JobId;
import java.time.Instant;

/**
 * A request to make previews of the unfinished images of a job, because a client watches it. Repeated while the client does.
 *
 * @param until when the request ends unless it is repeated, by the clock of the gateway
 */
public record PreviewsRequested(JobId job, Instant at, Instant until) implements WorkerCommand {

    @Override
    public String subject() {
        return job.value();
    }
}
