package io.atelier.generator.engine.diffusion.pipeline.vae;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.onnx.OnnxRun;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.IntConsumer;

/** The last stage of a pipeline: from latents to images. Thread-safe. */
@FunctionalInterface
public interface ImageDecoder {

    /**
     * Decodes all images of a run.
     *
     * @param latents {@code [n, C, h, w]} of the denoiser
     * @param size of the images
     * @param decoded receives the number of finished images after each
     */
    List<BufferedImage> decode(float[] latents, LatentShape shape, ImageSize size, OnnxRun run, IntConsumer decoded);
}
