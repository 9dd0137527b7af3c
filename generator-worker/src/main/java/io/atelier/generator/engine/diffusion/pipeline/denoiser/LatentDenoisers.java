package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.SessionFactory;

/** Loads the denoiser of a pipeline. */
public final class LatentDenoisers {

    private static final int USUAL_EMBEDDING = 256;

    private LatentDenoisers() {}

    /**
     * Loads the U-Net or the transformer.
     *
     * @param sessions loads the network, and closes it, too
     * @throws GenerationFailed if a file is missing or cannot be loaded
     */
    public static LatentDenoiser load(DiffusersFolder folder, SessionFactory sessions) {
        String component = folder.family().denoiser();
        var network = sessions.load(folder.weights(component));
        return switch (folder.family()) {
            case STABLE_DIFFUSION, STABLE_DIFFUSION_XL, LATENT_CONSISTENCY ->
                new UnetDenoiser(network, folder.config(component).integer("time_cond_proj_dim", USUAL_EMBEDDING));
            case STABLE_DIFFUSION_3 -> new Sd3Denoiser(network);
            case FLUX -> new FluxDenoiser(network);
            case POCKET -> throw folder.unsupported();
        };
    }

    /** The denoiser of the model {@code pocket}, which has no folder. */
    public static LatentDenoiser ofPocket(OnnxModel unet) {
        return new PocketDenoiser(unet);
    }
}
