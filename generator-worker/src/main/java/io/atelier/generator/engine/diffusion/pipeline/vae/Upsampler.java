package io.atelier.generator.engine.diffusion.pipeline.vae;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.image.raster.SquareRaster;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Takes the place of a VAE where the latents are pixels of square images: a network enlarges them, and the result is scaled to the size of the image. Input
 * {@code latent_sample [1, 3, h, h]}, output {@code sample [1, 3, scale * h, scale * h]}, both clamped to -1..1.
 */
public final class Upsampler implements ImageDecoder {

    private final OnnxModel network;
    private final int scale;

    /**
     * Creates the stage.
     *
     * @param scale pixels of the enlarged image for each of the small one in one direction
     */
    public Upsampler(OnnxModel network, int scale) {
        this.network = network;
        this.scale = scale;
    }

    @Override
    public List<BufferedImage> decode(
            float[] latents, LatentShape shape, ImageSize size, OnnxRun run, IntConsumer decoded) {
        int side = scale * shape.height();
        var small = new float[shape.size()];
        var images = new ArrayList<BufferedImage>();
        try (var binding = new GraphBinding(network)) {
            var sample = binding.required("latent_sample", 1, shape.channels(), shape.height(), shape.width());
            var output = binding.output("sample", 1, shape.channels(), side, side);
            for (int image = 0; image < latents.length / small.length; image++) {
                System.arraycopy(latents, image * small.length, small, 0, small.length);
                sample.put(0, clamped(small));
                binding.evaluate(run);
                var planes = new float[output.size()];
                output.get(planes);
                images.add(new SquareRaster(side, clamped(planes)).render(size));
                decoded.accept(image + 1);
            }
        }
        return images;
    }

    /** Clamps in place. */
    private static float[] clamped(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.min(1, Math.max(-1, values[i]));
        }
        return values;
    }
}
