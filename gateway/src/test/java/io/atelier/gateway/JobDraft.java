package io.atelier.gateway;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Worker;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job that is being made up for a test: an accepted one of which nothing is known yet, or one that there is, until it is told otherwise. */
final class JobDraft {

    static final Worker WORKER = new Worker("generator-1", "pocket", "cpu");
    static final int MAX_ATTEMPTS = 3;

    private final Instant created;
    private JobId id;
    private int version = 1;
    private JobStatus status = JobStatus.QUEUED;
    private String stage = "accepted";
    private @Nullable Instant started;
    private @Nullable Instant completed;
    private int attempt = 1;
    private GenerationRequest request;
    private @Nullable Worker worker;
    private List<StoredImage> images = List.of();
    private List<StoredImage> grids = List.of();
    private Job.@Nullable Enhancement enhancement;
    private @Nullable Failure error;
    private @Nullable Long engineMillis;
    private Job.@Nullable Erasure erasure;
    private List<Job.Step> history = List.of();

    JobDraft(JobId id, Instant created, GenerationRequest request) {
        this.id = id;
        this.created = created;
        this.request = request;
    }

    /** What the other job is, without its warnings, its cancellation and the time of its erasure. */
    static JobDraft of(Job job) {
        var draft = new JobDraft(job.id(), job.createdAt(), job.request());
        draft.engineMillis = job.engineMillis();
        draft.error = job.error();
        draft.erasure = job.erasure();
        draft.history = job.history();
        return draft.state(job.version(), job.status(), job.stage())
                .times(job.startedAt(), job.completedAt())
                .attempt(job.attempt())
                .worker(job.worker())
                .images(job.images(), job.grids());
    }

    /** The request for a snowman of most tests. */
    static GenerationRequest request(
            String model,
            String asked,
            @Nullable GridSpec grid,
            Map<String, String> labels,
            @Nullable String clientRef) {
        return new GenerationRequest(
                "a snowman",
                null,
                model,
                asked,
                model,
                "default",
                1,
                new ImageSize(512, 512),
                25,
                2.5,
                7,
                grid,
                GenerationRequest.Metadata.MINIMAL,
                labels,
                clientRef,
                GenerationRequest.Terms.NONE);
    }

    JobDraft id(JobId other) {
        id = other;
        return this;
    }

    JobDraft state(int newVersion, JobStatus newStatus, String newStage) {
        version = newVersion;
        status = newStatus;
        stage = newStage;
        return this;
    }

    JobDraft times(@Nullable Instant startedAt, @Nullable Instant completedAt) {
        started = startedAt;
        completed = completedAt;
        return this;
    }

    JobDraft attempt(int number) {
        attempt = number;
        return this;
    }

    JobDraft request(GenerationRequest asked) {
        request = asked;
        return this;
    }

    JobDraft worker(@Nullable Worker busy) {
        worker = busy;
        return this;
    }

    JobDraft images(List<StoredImage> pictures, List<StoredImage> uncut) {
        images = pictures;
        grids = uncut;
        return this;
    }

    JobDraft engineMillis(long millis) {
        engineMillis = millis;
        return this;
    }

    JobDraft enhancement(Job.Enhancement what) {
        enhancement = what;
        return this;
    }

    JobDraft error(Failure failure) {
        error = failure;
        return this;
    }

    JobDraft erasure(Job.@Nullable Erasure gone) {
        erasure = gone;
        return this;
    }

    JobDraft history(List<Job.Step> steps) {
        history = steps;
        return this;
    }

    Job job() {
        var failed = error != null && completed != null
                ? List.of(new Job.AttemptFailure("generate", attempt, completed, error))
                : List.<Job.AttemptFailure>of();
        return new Job(
                id,
                version,
                status,
                stage,
                created,
                started,
                completed,
                attempt,
                MAX_ATTEMPTS,
                request,
                worker,
                images,
                grids,
                List.of(),
                failed,
                error,
                engineMillis,
                null,
                null,
                erasure,
                history,
                enhancement);
    }
}
