package io.atelier.generator.engine.diffusion.pipeline.text;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.onnx.SessionFactory;

/** Loads the tokenizers and text encoders of a pipeline. */
public final class PromptEncoders {

    private PromptEncoders() {}

    /**
     * Loads those that the pipeline's family needs.
     *
     * @param sessions loads the networks, and closes them, too
     * @throws GenerationFailed if a file is missing or cannot be loaded
     */
    public static PromptEncoder load(DiffusersFolder folder, SessionFactory sessions) {
        return switch (folder.family()) {
            case STABLE_DIFFUSION, LATENT_CONSISTENCY -> new ClipPromptEncoder(folder, sessions);
            case STABLE_DIFFUSION_XL -> new SdxlPromptEncoder(folder, sessions);
            case STABLE_DIFFUSION_3 -> new Sd3PromptEncoder(folder, sessions);
            case FLUX -> new FluxPromptEncoder(folder, sessions);
            case POCKET -> throw folder.unsupported();
        };
    }
}
