package io.atelier.generator.engine.diffusion.pipeline.vae;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentScaling;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Decodes latents to images: input {@code latent_sample [1, C, h, w]}, output {@code sample [1, 3, scale * h, scale * w]} from about -1 to 1. Images
 * are decoded one by one, because this takes more memory than all the rest. Thread-safe.
 */
public final class VaeDecoder {

    private static final int CHANNELS = 3;

    private final OnnxModel network;
    private final LatentScaling scaling;
    private final int scale;

    /**
     * Creates the decoder.
     *
     * @param scale pixels for each latent in one direction
     */
    public VaeDecoder(OnnxModel network, LatentScaling scaling, int scale) {
        this.network = network;
        this.scaling = scaling;
        this.scale = scale;
    }

    /**
     * Decodes all images of a run.
     *
     * @param latents {@code [n, C, h, w]} of the denoiser
     * @param decoded receives the number of finished images after each
     */
    public List<BufferedImage> decode(float[] latents, LatentShape shape, OnnxRun run, IntConsumer decoded) {
        int width = shape.width() * scale;
        int height = shape.height() * scale;
        var ofOne = new float[shape.size()];
        var planes = new float[CHANNELS * width * height];
        var images = new ArrayList<BufferedImage>();
        try (var binding = new GraphBinding(network)) {
            var sample = binding.required("latent_sample", 1, shape.channels(), shape.height(), shape.width());
            var output = binding.output("sample", 1, CHANNELS, height, width);
            for (int image = 0; image < latents.length / shape.size(); image++) {
                scaling.toVae(latents, image, shape, ofOne);
                sample.put(0, ofOne);
                binding.evaluate(run);
                output.get(planes);
                images.add(PixelPlanes.toImage(planes, width, height));
                decoded.accept(image + 1);
            }
        }
        return images;
    }
}
