package io.atelier.messaging;

import static io.atelier.messaging.Samples.AT;
import static io.atelier.messaging.Samples.JOB;
import static io.atelier.messaging.Samples.WORKER;

import io.atelier.contract.image.Publication;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.contract.job.StoredText;
import io.atelier.contract.work.PromptRequested;
import io.atelier.contract.work.PublishRequested;
import io.atelier.contract.work.WorkerAnnounced;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Samples of the records of an avatar, with every field that only avatars have. */
final class AvatarSamples {

    private static final String FOLDER = "jobs/2026/11/gen_01kb9q4v6ye7m8c3r5t2w0x1za/";
    private static final StoredText PERSONA = text("persona-5b41362b.json", 812);
    private static final StoredText GIVEN = text("given-0a1b2c3d.txt", 640);
    private static final StoredPrompt FIRST =
            new StoredPrompt(0, text("prompt-0-1/prompt.txt", 640), "flowise", 19_800);
    private static final StoredPrompt SECOND =
            new StoredPrompt(1, text("prompt-1-1/prompt.txt", 655), "flowise", 20_110);
    private static final StoredImage BASE =
            image("base-1/0.png").publishedAs(new Publication("avatars", "avatars/41/img_0.png"));
    private static final StoredImage PUBLISHED =
            Samples.TILE.publishedAs(new Publication("avatars", "avatars/42/img_1.png"));
    private static final List<Job.Stage> STAGES = List.of(
            new Job.Stage("prompting", AT.plusSeconds(1), AT.plusSeconds(21), 1, 1),
            new Job.Stage("drawing-grids", AT.plusSeconds(21), null, 1, 2));

    private AvatarSamples() {}

    static JobEvent.GenerationRequested submission() {
        return new JobEvent.GenerationRequested(JOB, "avatar", 1, 3, AT, null, withAvatar(Samples.request("remote")));
    }

    static JobEvent.Released released() {
        return new JobEvent.Released(JOB, AT);
    }

    static PromptRequested prompt() {
        return new PromptRequested(JOB, "prompt-1", 1, 3, AT, null, 1, PERSONA, List.of(FIRST), true);
    }

    static PublishRequested publication() {
        return new PublishRequested(JOB, "publish", 1, 3, AT, null, "42", null, List.of(Samples.TILE));
    }

    /** A worker with one of two slots in use, which also writes two prompts. */
    static WorkerAnnounced worker() {
        return new WorkerAnnounced(
                WORKER.id(),
                WorkerAnnounced.GENERATOR,
                "default",
                List.of("pocket"),
                "cpu",
                2,
                3,
                2,
                AT,
                AT,
                5_000,
                false,
                null,
                null);
    }

    /** Inputs of the lifecycle, one of each kind that differs for an avatar. */
    static List<JobEvent> inputs() {
        var cancel = new JobEvent.CancelRequested(JOB, AT, CanceledBy.FAILURE, null, Duration.ofSeconds(5));
        var succeeded = Samples.succeeded();
        return List.of(
                new JobEvent.GenerationRequested(
                        JOB, "grid-1", 1, 3, AT, null, withAvatar(Samples.request("remote")), AvatarStep.GRID),
                cancel,
                new JobEvent.TaskSucceeded(
                        JOB,
                        "prompt-1",
                        1,
                        AT,
                        WORKER,
                        List.of(PUBLISHED),
                        succeeded.warnings(),
                        null,
                        null,
                        null,
                        List.of(),
                        null,
                        AT,
                        SECOND));
    }

    static GenerationEvent.Advanced advanced() {
        return new GenerationEvent.Advanced(JOB, 6, JobStatus.RUNNING, "drawing-grids", AT, STAGES);
    }

    static List<GenerationEvent> events() {
        var splitting = new GenerationEvent.Splitting(JOB, 5, JobStatus.RUNNING, "splitting", AT, List.of(PUBLISHED));
        return Stream.concat(
                        EventVariants.of(FullSamples.events(), AvatarSamples::withAvatar, AvatarSamples::withAvatar)
                                .stream(),
                        Stream.of(splitting))
                .toList();
    }

    static Job job() {
        return withAvatar(FullSamples.job());
    }

    private static GenerationRequest withAvatar(GenerationRequest request) {
        var avatar = new AvatarSpec(
                List.of(AvatarStep.values()),
                8,
                true,
                true,
                "42",
                "avatars/42/v2",
                PERSONA,
                GIVEN,
                Source.of(JOB, 0).storedAs(BASE),
                Source.of(JOB, 1).storedAs(BASE),
                new Fallback("test-card", null, "test-card", "default", null, null, null),
                true);
        return request.withAvatar(avatar);
    }

    private static Job withAvatar(Job job) {
        return new Job(
                job.id(),
                job.version(),
                job.status(),
                job.stage(),
                job.createdAt(),
                job.startedAt(),
                job.completedAt(),
                job.attempt(),
                job.maxAttempts(),
                withAvatar(job.request()),
                job.worker(),
                List.of(PUBLISHED),
                job.grids(),
                job.warnings(),
                job.lastErrors(),
                job.error(),
                job.engineMillis(),
                job.cancel(),
                job.expiresAt(),
                job.erasure(),
                job.history(),
                job.enhancement(),
                job.providerCalls(),
                job.providerUsage(),
                BASE,
                List.of(FIRST, SECOND),
                STAGES);
    }

    private static StoredText text(String name, long bytes) {
        return new StoredText(FOLDER + name, "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", bytes);
    }

    private static StoredImage image(String name) {
        return new StoredImage(
                0,
                StoredImage.Kind.IMAGE,
                FOLDER + name,
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                481_223,
                "image/png",
                512,
                512,
                7L,
                null);
    }
}
