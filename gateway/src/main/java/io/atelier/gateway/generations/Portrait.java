package io.atelier.gateway.generations;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.models.Crew;
import io.atelier.gateway.progress.ProgressBoard;
import io.atelier.gateway.queue.Outlook;
import java.time.Clock;
import java.time.Duration;

/** Shows a job with what this gateway knows beside its state: its progress, its place in line, and whether anybody is there to do it. */
public final class Portrait {

    private static final String STARVED = "waiting_for_capable_worker";
    private static final String NO_TICK = "0";

    private final ProgressBoard progress;
    private final Outlook outlook;
    private final Crew crew;
    private final Clock clock;

    Portrait(ProgressBoard progress, Outlook outlook, Crew crew, Clock clock) {
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
                ? Patience.until(Duration.ofSeconds(seconds.getAsLong()))
                : Patience.with(job, clock.instant());
    }

    private String tick(Job job) {
        if (job.status() == JobStatus.QUEUED) {
            var position = outlook.of(job).map(place -> place.position());
            return position.map(number -> "q" + number).orElse(NO_TICK) + (isStarved(job) ? "w" : "");
        }
        return Generation.current(job, progress.of(job.id()))
                .map(Portrait::tick)
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
