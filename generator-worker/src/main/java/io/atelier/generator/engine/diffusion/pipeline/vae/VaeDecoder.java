package io.atelier.generator.engine.diffusion.pipeline.vae;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentScaling;
import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.diffusion.pipeline.model.VaeTiling;
import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.NumericTensor;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Decodes latents to images: input {@code latent_sample [1, C, h, w]}, output {@code sample [1, 3, scale * h, scale * w]} from about -1 to 1. Images
 * are decoded one by one, and large ones in tiles, because this takes more memory than all the rest. Thread-safe.
 */
public final class VaeDecoder {

    private static final int CHANNELS = 3;

    private final OnnxModel network;
    private final LatentScaling scaling;
    private final int scale;
    private final VaeTiling tiling;

    /**
     * Creates the decoder.
     *
     * @param scale pixels for each latent in one direction
     */
    public VaeDecoder(OnnxModel network, LatentScaling scaling, int scale, VaeTiling tiling) {
        this.network = network;
        this.scaling = scaling;
        this.scale = scale;
        this.tiling = tiling;
    }

    /**
     * Decodes all images of a run.
     *
     * @param latents {@code [n, C, h, w]} of the denoiser
     * @param decoded receives the number of finished images after each
     */
    public List<BufferedImage> decode(float[] latents, LatentShape shape, OnnxRun run, IntConsumer decoded) {
        var grid = TileGrid.of(tiling, shape, scale);
        var ofOne = new float[shape.size()];
        int count = latents.length / shape.size();
        var images = new ArrayList<BufferedImage>();
        try (var decoder = new TileDecoder(grid, shape.channels())) {
            for (int image = 0; image < count; image++) {
                scaling.toVae(latents, image, shape, ofOne);
                var planes = new float[CHANNELS * shape.plane() * scale * scale];
                decoder.decode(ofOne, planes, run);
                requireNumbers(planes);
                images.add(PixelPlanes.toImage(planes, shape.width() * scale, shape.height() * scale));
                decoded.accept(image + 1);
            }
        }
        return images;
    }

    /** Half precision overflows in the VAE of SDXL; an image of NaN would be black. */
    private static void requireNumbers(float[] planes) {
        for (float value : planes) {
            if (Float.isNaN(value)) {
                throw new GenerationFailed(new Failure(
                        Failure.Code.ENGINE_ERROR,
                        "The model computed NaN, not an image: a number in its configs is wrong, or half precision does not suffice."
                                + " Export it again, its VAE with float32."));
            }
        }
    }

    /** The network with memory for one tile. */
    private final class TileDecoder implements AutoCloseable {

        private final GraphBinding binding = new GraphBinding(network);
        private final TileGrid grid;
        private final NumericTensor sample;
        private final NumericTensor output;
        private final float[] latents;
        private final float[] pixels;

        TileDecoder(TileGrid grid, int channels) {
            this.grid = grid;
            long height = grid.rows().tile();
            long width = grid.columns().tile();
            sample = binding.required("latent_sample", 1, channels, height, width);
            output = binding.output("sample", 1, CHANNELS, scale * height, scale * width);
            latents = new float[sample.size()];
            pixels = new float[output.size()];
        }

        /**
         * Decodes an image.
         *
         * @param into the planes of the image; 0 before
         */
        void decode(float[] ofImage, float[] into, OnnxRun run) {
            for (int tile = 0; tile < grid.tiles(); tile++) {
                grid.cut(tile, ofImage, 1, latents);
                sample.put(0, latents);
                binding.evaluate(run);
                output.get(pixels);
                grid.blend(tile, pixels, scale, into);
            }
        }

        @Override
        public void close() {
            binding.close();
        }
    }
}
