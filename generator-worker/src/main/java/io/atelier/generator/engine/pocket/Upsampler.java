package io.atelier.generator.engine.pocket;

import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.Tensors;
import io.atelier.generator.engine.pocket.onnx.ModelFolder;
import io.atelier.image.raster.SquareRaster;
import java.util.Map;

/** Enlarges the denoiser's images four times, from 64 to 256 pixels, with a convolutional network that was trained for this style. Thread-safe. */
final class Upsampler implements AutoCloseable {

    /** Width and height of the enlarged image in pixels: the native size of the model. */
    static final int SIDE = 4 * Denoiser.SIDE;

    private final OnnxModel model;

    private Upsampler(OnnxModel model) {
        this.model = model;
    }

    static Upsampler load(ModelFolder folder, int threads) {
        return new Upsampler(OnnxModel.load(folder.weights("upsampler"), threads));
    }

    /**
     * Enlarges one image: input {@code latent_sample} float32 {@code [1, 3, 64, 64]}, output {@code sample} float32 {@code [1, 3, 256, 256]}, both
     * clamped to -1..1.
     *
     * @param images the images of the denoiser, {@code [n, 3, 64, 64]}
     * @param offset index of the first float of the image to enlarge
     */
    SquareRaster enlarge(float[] images, int offset, OnnxRun run) {
        try (var tensors = new Tensors()) {
            var small = tensors.floats(1, Denoiser.CHANNELS, Denoiser.SIDE, Denoiser.SIDE);
            var large = tensors.floats(1, Denoiser.CHANNELS, SIDE, SIDE);
            for (int i = 0; i < Denoiser.VALUES; i++) {
                small.values().put(i, clamp(images[offset + i]));
            }
            run.evaluate(model, Map.of("latent_sample", small.tensor()), Map.of("sample", large.tensor()));
            var planes = new float[Denoiser.CHANNELS * SIDE * SIDE];
            for (int i = 0; i < planes.length; i++) {
                planes[i] = clamp(large.values().get(i));
            }
            return new SquareRaster(SIDE, planes);
        }
    }

    @Override
    public void close() {
        model.close();
    }

    private static float clamp(float value) {
        return Math.min(1, Math.max(-1, value));
    }
}
