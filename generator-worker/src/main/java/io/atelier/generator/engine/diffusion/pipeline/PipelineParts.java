package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.diffusion.pipeline.denoiser.LatentDenoiser;
import io.atelier.generator.engine.diffusion.pipeline.denoiser.LatentDenoisers;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentScaling;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptEncoder;
import io.atelier.generator.engine.diffusion.pipeline.text.PromptEncoders;
import io.atelier.generator.engine.diffusion.pipeline.vae.ImageDecoder;
import io.atelier.generator.engine.diffusion.pipeline.vae.VaeDecoder;
import io.atelier.generator.engine.diffusion.pipeline.vae.VaeEncoder;
import io.atelier.generator.engine.diffusion.scheduler.SchedulerConfig;
import io.atelier.generator.engine.onnx.SessionFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline is made of: the differences between families.
 *
 * @param vaeEncoder null if the model cannot start from an image
 */
record PipelineParts(
        PipelineDescription description,
        SchedulerConfig scheduler,
        PromptEncoder promptEncoder,
        LatentDenoiser denoiser,
        ImageDecoder decoder,
        @Nullable VaeEncoder vaeEncoder) {

    /** Loads the parts of a model folder. */
    static PipelineParts of(DiffusersFolder folder, PipelineDescription description, SessionFactory sessions) {
        var scheduler = SchedulerConfig.read(folder.schedulerConfigFile());
        var promptEncoder = PromptEncoders.load(folder, sessions);
        var denoiser = LatentDenoisers.load(folder, sessions);
        var scaling = LatentScaling.of(folder);
        int scale = description.geometry().vaeScale();
        var tiling = description.activations().tiling();
        var decoder = new VaeDecoder(sessions.load(folder.weights("vae_decoder")), scaling, scale, tiling);
        return new PipelineParts(
                description,
                scheduler,
                promptEncoder,
                denoiser,
                (latents, shape, size, run, decoded) -> decoder.decode(latents, shape, run, decoded),
                description.imageToImage()
                        ? new VaeEncoder(sessions.load(folder.weights("vae_encoder")), scaling, scale, tiling)
                        : null);
    }
}
