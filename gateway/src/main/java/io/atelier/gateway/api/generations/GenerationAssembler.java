package io.atelier.gateway.api.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.gateway.view.queue.EtaEstimator;
import java.time.Clock;
import java.time.Duration;

/** Shows a job with what this gateway knows beside its state: its progress, its place in line, and whether anybody is there to do it. */
public final class GenerationAssembler {

    private static final String STARVED = "waiting_for_capable_worker";
    private static final String NO_TICK = "0";

    private final LatestProgress progress;
    private final EtaEstimator outlook;
    private final ModelAvailability crew;
    private final Clock clock;

    public GenerationAssembler(LatestProgress progress, EtaEstimator outlook, ModelAvailability crew, Clock clock) {
        this.progress = progress;
        this.outlook = outlook;
        this.crew = crew;
        this.clock = clock;
    }

    /** The job as the world may see it. */
    public Generation of(Job job) {
        return Generation.of(job, stage(job), progress.of(job.id()), outlook.of(job));
    }

    /** Changes with all that is shown of the job, the estimates of time aside: the value of an ETag, without its quotes. */
    public String tag(Job job) {
        return job.version() + "-" + tick(job);
    }

    /** How long to tell a client to wait before it asks again: until the job will be done, if that is known. 1 to 30 s. */
    public Duration patience(Job job) {
        var seconds = outlook.seconds(job);
        return seconds.isPresent()
                ? RetryAfter.until(Duration.ofSeconds(seconds.getAsLong()))
                : RetryAfter.with(job, clock.instant());
    }

    private String tick(Job job) {
        if (job.status() == JobStatus.QUEUED) {
            var position = outlook.of(job).map(place -> place.position());
            return position.map(number -> "q" + number).orElse(NO_TICK) + (isStarved(job) ? "w" : "");
        }
        return Generation.current(job, progress.of(job.id()))
                .map(GenerationAssembler::tick)
                .orElse(NO_TICK);
    }

    private static String tick(TaskProgress heard) {
        return Long.toString(heard.at().toEpochMilli(), 36) + "." + heard.step();
    }

    private String stage(Job job) {
        return isStarved(job) ? STARVED : job.stage();
    }

    private boolean isStarved(Job job) {
        var request = job.request();
        return job.status() == JobStatus.QUEUED && job.cancel() == null && crew.lacks(request.pool(), request.engine());
    }
}
