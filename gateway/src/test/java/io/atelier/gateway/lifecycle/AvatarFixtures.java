package io.atelier.gateway.lifecycle;

import static io.atelier.gateway.lifecycle.JobEventFixtures.JOB;
import static io.atelier.gateway.lifecycle.JobEventFixtures.MAX_ATTEMPTS;
import static io.atelier.gateway.lifecycle.JobEventFixtures.NOON;
import static io.atelier.gateway.lifecycle.JobEventFixtures.WORKER;
import static io.atelier.gateway.lifecycle.JobEventFixtures.image;

import io.atelier.contract.image.FileId;
import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.image.Publication;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.Released;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.contract.job.Source;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.contract.job.StoredText;
import io.atelier.gateway.lifecycle.SimulatedWorkers.Results;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Creates avatars, and what workers report about them, for tests. */
final class AvatarFixtures {

    static final StoredText PERSONA = text("persona-5b41362b.json");
    static final StoredText GIVEN_PROMPT = text("given-0a1b2c3d.txt");

    static final Source GIVEN_BASE = Source.of(FileId.ofSha256("ab".repeat(32))).storedAs(image("given", 1, 0));
    static final Source FACE = Source.of(FileId.ofSha256("cd".repeat(32))).storedAs(image("face", 1, 0));
    static final Fallback GRID_MODEL = new Fallback("painter", null, "painter", "far", null, null, null);

    private AvatarFixtures() {}

    /** An avatar with all steps. */
    static AvatarSpec avatar(int images) {
        return avatar(images, false, List.of(AvatarStep.values()));
    }

    static AvatarSpec avatar(int images, boolean distinctPrompts, List<AvatarStep> steps) {
        return new AvatarSpec(
                steps,
                images,
                distinctPrompts,
                false,
                "42",
                null,
                PERSONA,
                steps.contains(AvatarStep.PROMPT) ? null : GIVEN_PROMPT,
                steps.contains(AvatarStep.BASE) ? null : GIVEN_BASE,
                null,
                null,
                false);
    }

    /** An avatar with all steps, a prompt for each grid, a face and another model for the grids. */
    static AvatarSpec distinct(int images) {
        var plain = avatar(images);
        return new AvatarSpec(
                plain.steps(), images, true, false, "42", null, PERSONA, null, null, FACE, GRID_MODEL, true);
    }

    /** The same avatar that waits for its release. */
    static AvatarSpec held(AvatarSpec avatar) {
        return new AvatarSpec(
                avatar.steps(),
                avatar.images(),
                avatar.distinctPrompts(),
                true,
                avatar.personaId(),
                avatar.keyBase(),
                avatar.persona(),
                avatar.prompt(),
                avatar.base(),
                avatar.face(),
                avatar.gridModel(),
                avatar.randomStyle());
    }

    /** A random avatar of 1 to 5 grids, perhaps with a prompt or a base image of the client, perhaps held. */
    static AvatarSpec random(Random random) {
        var steps = new ArrayList<>(List.of(AvatarStep.values()));
        if (random.nextInt(4) == 0) {
            steps.remove(AvatarStep.PROMPT);
        }
        if (random.nextInt(4) == 0) {
            steps.remove(AvatarStep.BASE);
        }
        boolean distinct = random.nextBoolean() && steps.contains(AvatarStep.PROMPT);
        var avatar = avatar(4 * (1 + random.nextInt(5)), distinct, steps);
        return random.nextInt(3) == 0 ? held(avatar) : avatar;
    }

    /** The submission of an avatar. */
    static GenerationRequested requested(AvatarSpec avatar) {
        var request = GenerationRequest.builder()
                .prompt("")
                .model("test-card")
                .requestedModel("test-card")
                .engine("test-card")
                .pool("default")
                .size(new ImageSize(64, 64))
                .seed(70)
                .grid(new GridSpec(2, 2, true, 0, 35, 64))
                .sizeLeftOpen(true)
                .avatar(avatar)
                .build();
        return new GenerationRequested(JOB, TaskPlan.AVATAR, 1, MAX_ATTEMPTS, NOON, null, request);
    }

    static Released released() {
        return new Released(JOB, NOON.plusMillis(1));
    }

    /** What workers make of the tasks of an avatar, none of which may fail. */
    static Results results(int images) {
        return new Results() {
            @Override
            public TaskSucceeded succeeded(String task, int attempt) {
                return AvatarFixtures.succeeded(task, attempt, NOON.plusMillis(100L * attempt), images);
            }

            @Override
            public boolean areOptional(String task) {
                return false;
            }
        };
    }

    /** The end of a task of an avatar. What it made follows from its name. */
    static TaskSucceeded succeeded(String task, int attempt) {
        return succeeded(task, attempt, NOON.plusMillis(100L * attempt), 4);
    }

    /** @param published number of images that a publication copies */
    static TaskSucceeded succeeded(String task, int attempt, Instant at, int published) {
        boolean writes = task.startsWith("prompt");
        boolean draws = task.equals(AvatarPlan.BASE) || task.startsWith("grid");
        return new TaskSucceeded(
                JOB,
                task,
                attempt,
                at,
                WORKER,
                images(task, attempt, published),
                List.of(),
                draws ? 40L : null,
                null,
                null,
                List.of(),
                null,
                null,
                writes ? prompt(task, attempt) : null);
    }

    static StoredPrompt prompt(String task, int attempt) {
        int index = Integer.parseInt(task.substring("prompt-".length()));
        return new StoredPrompt(index, text(task + "-" + attempt + "/prompt.txt"), "template", 5);
    }

    /** A tile as its splitter numbers it. */
    static StoredImage tile(String task, int attempt, int index) {
        return new StoredImage(
                index,
                StoredImage.Kind.TILE,
                "jobs/2026/11/%s/%s-%d/%d.png".formatted(JOB, task, attempt, index),
                "cd".repeat(32),
                1234,
                "image/png",
                30,
                30,
                7L,
                new StoredImage.Tile(index / 2, index % 2, 0.9));
    }

    private static List<StoredImage> images(String task, int attempt, int published) {
        if (task.startsWith("prompt")) {
            return List.of();
        }
        if (task.startsWith("split")) {
            return IntStream.range(0, 4).mapToObj(i -> tile(task, attempt, i)).toList();
        }
        return task.equals(AvatarPlan.PUBLISH)
                ? IntStream.range(0, published)
                        .mapToObj(i -> image(task, attempt, i)
                                .publishedAs(new Publication("avatars", "avatars/42/img_" + i + ".png")))
                        .toList()
                : List.of(image(task, attempt, 0));
    }

    private static StoredText text(String name) {
        return new StoredText("jobs/2026/11/%s/%s".formatted(JOB, name), "ef".repeat(32), 640);
    }
}
