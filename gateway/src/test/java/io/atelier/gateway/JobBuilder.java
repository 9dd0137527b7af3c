package io.atelier.gateway;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.ProviderUsage;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.contract.job.Worker;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds a job for a test, from an accepted one or from a copy of another. */
final class JobBuilder {

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
    private @Nullable Integer providerCalls;
    private @Nullable ProviderUsage providerUsage;
    private Job.@Nullable Erasure erasure;
    private List<Job.Step> history = List.of();
    private @Nullable StoredImage base;
    private List<StoredPrompt> prompts = List.of();
    private List<Job.Stage> stages = List.of();

    JobBuilder(JobId id, Instant created, GenerationRequest request) {
        this.id = id;
        this.created = created;
        this.request = request;
    }

    /** A copy of the other job, without its warnings, its cancellation and its time of expiry. */
    static JobBuilder of(Job job) {
        var builder = new JobBuilder(job.id(), job.createdAt(), job.request());
        builder.engineMillis = job.engineMillis();
        builder.providerCalls = job.providerCalls();
        builder.error = job.error();
        builder.erasure = job.erasure();
        builder.history = job.history();
        builder.base = job.base();
        builder.prompts = job.prompts();
        builder.stages = job.stages();
        return builder.state(job.version(), job.status(), job.stage())
                .times(job.startedAt(), job.completedAt())
                .attempt(job.attempt())
                .worker(job.worker())
                .images(job.images(), job.grids());
    }

    /** The request that most tests use. */
    static GenerationRequest request(
            String model,
            String requestedModel,
            @Nullable GridSpec grid,
            Map<String, String> labels,
            @Nullable String clientRef) {
        return GenerationRequest.builder()
                .prompt("a snowman")
                .model(model)
                .requestedModel(requestedModel)
                .engine(model)
                .pool("default")
                .size(new ImageSize(512, 512))
                .steps(25)
                .guidanceScale(2.5)
                .seed(7)
                .grid(grid)
                .labels(labels)
                .clientRef(clientRef)
                .build();
    }

    JobBuilder id(JobId other) {
        id = other;
        return this;
    }

    JobBuilder state(int newVersion, JobStatus newStatus, String newStage) {
        version = newVersion;
        status = newStatus;
        stage = newStage;
        return this;
    }

    JobBuilder times(@Nullable Instant startedAt, @Nullable Instant completedAt) {
        started = startedAt;
        completed = completedAt;
        return this;
    }

    JobBuilder attempt(int number) {
        attempt = number;
        return this;
    }

    JobBuilder request(GenerationRequest other) {
        request = other;
        return this;
    }

    JobBuilder worker(@Nullable Worker running) {
        worker = running;
        return this;
    }

    JobBuilder images(List<StoredImage> deliverables, List<StoredImage> uncutGrids) {
        images = deliverables;
        grids = uncutGrids;
        return this;
    }

    JobBuilder engineMillis(long millis) {
        engineMillis = millis;
        return this;
    }

    /** Sets the provider calls of the job, which were those of the failed attempt if it failed. */
    JobBuilder providerCalls(int calls) {
        providerCalls = calls;
        return this;
    }

    /** Sets what providers say they used, which was for the failed attempt if it failed. */
    JobBuilder providerUsage(ProviderUsage usage) {
        providerUsage = usage;
        return this;
    }

    JobBuilder enhancement(Job.Enhancement result) {
        enhancement = result;
        return this;
    }

    JobBuilder error(Failure failure) {
        error = failure;
        return this;
    }

    JobBuilder erasure(Job.@Nullable Erasure erased) {
        erasure = erased;
        return this;
    }

    JobBuilder history(List<Job.Step> steps) {
        history = steps;
        return this;
    }

    JobBuilder base(@Nullable StoredImage image) {
        base = image;
        return this;
    }

    JobBuilder prompts(List<StoredPrompt> written) {
        prompts = written;
        return this;
    }

    JobBuilder stages(List<Job.Stage> list) {
        stages = list;
        return this;
    }

    Job job() {
        var failed = error != null && completed != null
                ? List.of(new Job.AttemptFailure("generate", attempt, completed, error, providerCalls, providerUsage))
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
                enhancement,
                providerCalls,
                providerUsage,
                base,
                prompts,
                stages);
    }
}
