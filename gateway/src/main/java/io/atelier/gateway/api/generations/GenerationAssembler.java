package io.atelier.gateway.api.generations;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.gateway.view.queue.EtaEstimator;
import io.atelier.gateway.view.queue.QueuePosition;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Assembles the JSON of a job from its state and from what else this gateway knows: progress, queue position, and available workers. Thread-safe. */
public final class GenerationAssembler {

    private static final String STARVED = "waiting_for_capable_worker";
    private static final String LOADING = "loading_model";
    private static final String NO_PROGRESS = "0";

    private final LatestProgress progress;
    private final EtaEstimator estimator;
    private final ModelAvailability availability;
    private final PublishedUrls published;
    private final Clock clock;

    public GenerationAssembler(
            LatestProgress progress,
            EtaEstimator estimator,
            ModelAvailability availability,
            PublishedUrls published,
            Clock clock) {
        this.progress = progress;
        this.estimator = estimator;
        this.availability = availability;
        this.published = published;
        this.clock = clock;
    }

    /**
     * The JSON of a job.
     *
     * @param paths of the client that receives it
     */
    public Generation of(Job job, ApiPaths paths) {
        return Generation.of(job, stage(job), progress.of(job.id()), position(job), new ImageUrls(paths, published));
    }

    /** The JSON of the deliverables of a job. */
    List<ImageObject> images(Job job, ApiPaths paths) {
        return ImageObject.deliverables(job, new ImageUrls(paths, published));
    }

    /** The durations of a model's other jobs say nothing about an avatar, which has several tasks. */
    private Optional<QueuePosition> position(Job job) {
        return estimator.position(job).map(found -> job.request().avatar() == null ? found : found.withoutEta());
    }

    /** The value of the job's ETag, without quotes. It changes with everything that is shown except estimated times. */
    public String tag(Job job) {
        return job.version() + "-" + progressTag(job);
    }

    /** The time after which a client should ask again, 1 to 30 s: the estimated rest of the job, else a part of its age. */
    public Duration retryAfter(Job job) {
        var seconds = job.request().avatar() == null ? estimator.secondsLeft(job) : OptionalLong.empty();
        return seconds.isPresent()
                ? RetryAfter.until(Duration.ofSeconds(seconds.getAsLong()))
                : RetryAfter.byAge(job, clock.instant());
    }

    private String progressTag(Job job) {
        if (job.status() == JobStatus.QUEUED) {
            return estimator.position(job).map(GenerationAssembler::positionTag).orElse(NO_PROGRESS)
                    + (isStarved(job) ? "w" : "");
        }
        return Generation.currentProgress(job, progress.of(job.id()))
                        .map(GenerationAssembler::progressTag)
                        .orElse(NO_PROGRESS)
                + (isStarved(job) ? "w" : "");
    }

    private static String positionTag(QueuePosition queue) {
        if (queue.position() == null) {
            return NO_PROGRESS;
        }
        var running = queue.aheadRunning();
        return "q" + queue.position() + (running == null || running == 0 ? "" : "r" + running);
    }

    private static String progressTag(TaskProgress progress) {
        return Long.toString(progress.at().toEpochMilli(), 36) + "." + progress.step();
    }

    private String stage(Job job) {
        if (isStarved(job)) {
            return STARVED;
        }
        return isLoading(job) ? LOADING : job.stage();
    }

    /** Whether the worker of the job loads its model. The stages of an avatar are those of its parts. */
    private boolean isLoading(Job job) {
        return job.request().avatar() == null
                && Generation.currentProgress(job, progress.of(job.id()))
                        .filter(TaskProgress::loadsModel)
                        .isPresent();
    }

    private boolean isStarved(Job job) {
        var request = job.request();
        if (job.cancel() != null) {
            return false;
        }
        if (request.avatar() != null) {
            return isStarved(job, request.avatar());
        }
        // Progress shows that a worker splits the image, even if its heartbeats were lost.
        return (job.status() == JobStatus.QUEUED && availability.lacks(request))
                || (job.stage().equals(AvatarStage.SPLITTING)
                        && Generation.currentProgress(job, progress.of(job.id()))
                                .isEmpty()
                        && availability.lacksSplitter());
    }

    private boolean isStarved(Job job, AvatarSpec avatar) {
        return switch (job.stage()) {
            case AvatarStage.HELD -> false;
            case AvatarStage.SPLITTING, AvatarStage.PUBLISHING -> availability.lacksSplitter();
            default -> job.status() == JobStatus.QUEUED && lacksFirstEngine(job.request(), avatar);
        };
    }

    private boolean lacksFirstEngine(GenerationRequest request, AvatarSpec avatar) {
        if (avatar.does(AvatarStep.PROMPT) && availability.lacks(AvatarSpec.PROMPTER_POOL, AvatarSpec.PROMPTER)) {
            return true;
        }
        var gridModel = avatar.gridModel();
        return (gridModel == null || avatar.does(AvatarStep.BASE))
                ? availability.lacks(request.pool(), request.engine())
                : availability.lacks(gridModel.pool(), gridModel.engine());
    }
}
