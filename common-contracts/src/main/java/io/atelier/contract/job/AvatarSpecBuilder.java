package io.atelier.contract.job;

import io.atelier.contract.job.Routing.Fallback;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds an {@link AvatarSpec}. Defaults: one prompt for all grids, not held, no random style; every other member is null. Not thread-safe. */
public final class AvatarSpecBuilder {

    private final List<AvatarStep> steps;
    private final int images;
    private boolean distinctPrompts;
    private boolean held;
    private @Nullable String personaId;
    private @Nullable String keyBase;
    private @Nullable StoredText persona;
    private @Nullable StoredText prompt;
    private @Nullable Source base;
    private @Nullable Source face;
    private @Nullable Fallback gridModel;
    private boolean randomStyle;

    AvatarSpecBuilder(List<AvatarStep> steps, int images) {
        this.steps = steps;
        this.images = images;
    }

    AvatarSpecBuilder(AvatarSpec from) {
        this(from.steps(), from.images());
        distinctPrompts = from.distinctPrompts();
        held = from.held();
        personaId = from.personaId();
        keyBase = from.keyBase();
        persona = from.persona();
        prompt = from.prompt();
        base = from.base();
        face = from.face();
        gridModel = from.gridModel();
        randomStyle = from.randomStyle();
    }

    /** Whether each grid has a prompt of its own. */
    public AvatarSpecBuilder distinctPrompts(boolean value) {
        distinctPrompts = value;
        return this;
    }

    /** Whether the job waits for {@link JobEvent.Released}. */
    public AvatarSpecBuilder held(boolean value) {
        held = value;
        return this;
    }

    public AvatarSpecBuilder personaId(@Nullable String value) {
        personaId = value;
        return this;
    }

    /** The beginning of the keys of images that are only published. */
    public AvatarSpecBuilder keyBase(@Nullable String value) {
        keyBase = value;
        return this;
    }

    /** Where the persona is stored. */
    public AvatarSpecBuilder persona(@Nullable StoredText value) {
        persona = value;
        return this;
    }

    /** Where the prompt of the client is stored. */
    public AvatarSpecBuilder prompt(@Nullable StoredText value) {
        prompt = value;
        return this;
    }

    /** The base image of the client. */
    public AvatarSpecBuilder base(@Nullable Source value) {
        base = value;
        return this;
    }

    /** The image of the persona's face. */
    public AvatarSpecBuilder face(@Nullable Source value) {
        face = value;
        return this;
    }

    /** The model of the grids if it is another than that of the base image. */
    public AvatarSpecBuilder gridModel(@Nullable Fallback value) {
        gridModel = value;
        return this;
    }

    /** Whether light and style of the base image are chosen at random. */
    public AvatarSpecBuilder randomStyle(boolean value) {
        randomStyle = value;
        return this;
    }

    public AvatarSpec build() {
        return new AvatarSpec(
                steps,
                images,
                distinctPrompts,
                held,
                personaId,
                keyBase,
                persona,
                prompt,
                base,
                face,
                gridModel,
                randomStyle);
    }
}
