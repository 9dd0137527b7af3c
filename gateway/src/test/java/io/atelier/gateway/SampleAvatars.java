package io.atelier.gateway;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.Publication;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.contract.job.StoredText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Avatars of eight images, as the view shows them. */
final class SampleAvatars {

    static final byte[] BASE = bytes("base");
    static final byte[] PROMPT = bytes("four views \u26f5");

    private static final Random RANDOM = new Random(11);
    private static final int IMAGES = 8;

    private SampleAvatars() {}

    /** One whose base image, prompt and first grid are there. */
    static Job running() {
        var created = created();
        return builder(created)
                .state(7, JobStatus.RUNNING, "drawing-grids")
                .times(created.plusSeconds(1), null)
                .worker(JobBuilder.WORKER)
                .history(List.of(new Job.Step(
                        7,
                        "io.atelier.generation.advanced.v1",
                        JobStatus.RUNNING,
                        "drawing-grids",
                        created.plusSeconds(8),
                        1)))
                .stages(List.of(
                        new Job.Stage("prompting", created.plusSeconds(1), created.plusSeconds(2), 1, 1),
                        new Job.Stage("drawing-base", created.plusSeconds(1), created.plusSeconds(4), 1, 1),
                        new Job.Stage("drawing-grids", created.plusSeconds(4), null, 1, 2),
                        new Job.Stage("splitting", null, null, 0, 2),
                        new Job.Stage("publishing", null, null, 0, 1)))
                .job();
    }

    /** One that succeeded. */
    static Job succeeded() {
        var created = created();
        var builder = builder(created);
        var id = builder.job().id();
        var images = new ArrayList<StoredImage>();
        for (int index = 0; index < IMAGES; index++) {
            images.add(image(id, "split-" + index / 4, index, StoredImage.Kind.TILE, bytes("tile " + index))
                    .publishedAs(new Publication("avatars", "avatars/42/img_" + index + ".png")));
        }
        return builder.state(12, JobStatus.SUCCEEDED, "done")
                .times(created.plusSeconds(1), created.plusSeconds(12))
                .images(images, grids(id))
                .job();
    }

    /** One that failed when its base image was there. */
    static Job failed() {
        var created = created();
        return builder(created)
                .state(6, JobStatus.FAILED, "done")
                .times(created.plusSeconds(1), created.plusSeconds(6))
                .images(List.of(), List.of())
                .job();
    }

    /** The digest of the first grid's bytes and those of its successors. */
    static byte[] grid(int index) {
        return bytes("grid " + index);
    }

    private static JobBuilder builder(Instant created) {
        var id = JobId.create(created, RANDOM);
        return new JobBuilder(id, created, request(id))
                .base(image(id, "base", 0, StoredImage.Kind.IMAGE, BASE))
                .images(List.of(), List.of(grids(id).get(0)))
                .prompts(List.of(new StoredPrompt(
                        0,
                        new StoredText(JobFolder.text(id, "prompt-0", 1), SampleJobs.sha256(PROMPT), PROMPT.length),
                        "template",
                        12)));
    }

    private static GenerationRequest request(JobId id) {
        var persona = "5b".repeat(32);
        return GenerationRequest.builder()
                .prompt("")
                .model("gpt-image-2")
                .requestedModel("auto")
                .engine("openai")
                .pool("remote")
                .size(new ImageSize(1024, 1024))
                .sizeLeftOpen(true)
                .seed(77)
                .grid(new GridSpec(2, 2, true, 0, 35, 64, null, GridSpec.WHITE, true))
                .avatar(AvatarSpec.builder(List.of(AvatarStep.values()), IMAGES)
                        .personaId("42")
                        .persona(new StoredText(JobFolder.persona(id, persona), persona, 812))
                        .build())
                .build();
    }

    private static List<StoredImage> grids(JobId id) {
        return List.of(
                image(id, "grid-0", 0, StoredImage.Kind.GRID, grid(0)),
                image(id, "grid-1", 0, StoredImage.Kind.GRID, grid(1)));
    }

    private static StoredImage image(JobId id, String task, int index, StoredImage.Kind kind, byte[] bytes) {
        return new StoredImage(
                index,
                kind,
                JobFolder.image(id, task, 1, index % 4),
                SampleJobs.sha256(bytes),
                bytes.length,
                "image/png",
                512,
                512,
                77L,
                null);
    }

    private static Instant created() {
        return Instant.now().minus(Duration.ofMinutes(2)).truncatedTo(ChronoUnit.MILLIS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
