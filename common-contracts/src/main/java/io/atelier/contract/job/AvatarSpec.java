package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.Routing.Fallback;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job makes for a persona. The tasks of the job follow from {@code steps}, {@code images} and {@code distinctPrompts}, which an
 * erasure keeps.
 *
 * @param steps what the job does, in the order of the enum; at least one
 * @param images number of images: four for each grid; 1 for a base image or a grid alone, 0 for a prompt alone, 1 to 20 for images that are
 *     only published
 * @param distinctPrompts whether each grid has a prompt of its own, which differs from the earlier ones
 * @param held whether the job waits for {@link JobEvent.Released} before its first task
 * @param personaId the client's own id of the persona; null if the job has no persona
 * @param keyBase beginning of the keys of images that are only published; null if the persona's id makes the keys
 * @param persona the {@link Persona} as JSON; null if the job has none
 * @param prompt prompt of the client for all grids; null to write one
 * @param base base image of the client; null to make one
 * @param face image of the persona's face, for the base image; null for none
 * @param gridModel model of the grids if it is another than that of the base image; null if it is the same
 * @param randomStyle whether light and style of the base image are chosen at random by the seed of the request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AvatarSpec(
        List<AvatarStep> steps,
        int images,
        boolean distinctPrompts,
        boolean held,
        @Nullable String personaId,
        @Nullable String keyBase,
        @Nullable StoredText persona,
        @Nullable StoredText prompt,
        @Nullable Source base,
        @Nullable Source face,
        @Nullable Fallback gridModel,
        boolean randomStyle) {

    /** The number of images that are cut out of one grid. */
    public static final int IMAGES_PER_GRID = 4;

    /** The largest number of images. */
    public static final int MAX_IMAGES = 20;

    /** The engine of a request whose only step is to write prompts: generator workers, whatever engines they have. */
    public static final String PROMPTER = "prompter";

    /** The pool of a request whose only step is to write prompts: all generator workers. */
    public static final String PROMPTER_POOL = "prompters";

    public AvatarSpec {
        steps = List.copyOf(steps);
    }

    /**
     * A builder with defaults, see {@link AvatarSpecBuilder}.
     *
     * @param steps what the job does, in the order of the enum
     * @param images number of images, see above
     */
    public static AvatarSpecBuilder builder(List<AvatarStep> steps, int images) {
        return new AvatarSpecBuilder(steps, images);
    }

    /** A builder with the values of this avatar. */
    public AvatarSpecBuilder toBuilder() {
        return new AvatarSpecBuilder(this);
    }

    /** Whether the job does a step. */
    public boolean does(AvatarStep step) {
        return steps.contains(step);
    }

    /** The number of grids that the job makes; 1 for a grid alone. */
    public int grids() {
        return Math.max(1, images / IMAGES_PER_GRID);
    }

    /** The same avatar with the prompt of its grids. */
    public AvatarSpec withPrompt(StoredText text) {
        return new AvatarSpec(
                steps,
                images,
                distinctPrompts,
                held,
                personaId,
                keyBase,
                persona,
                text,
                base,
                face,
                gridModel,
                randomStyle);
    }

    /** The avatar without the persona and without texts and images of the client, as it is kept after an erasure. */
    public AvatarSpec redacted() {
        return new AvatarSpec(
                steps, images, distinctPrompts, held, null, null, null, null, null, null, gridModel, false);
    }
}
