package io.atelier.generator.engine.pocket;

import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.pocket.onnx.ModelFolder;

/**
 * Turns noise into images of 64 x 64 pixels with a flow-matching U-Net (Lipman et al., 2023). It predicts the velocity {@code noise - image},
 * which is integrated by Euler's method over evenly spaced noise levels {@code sigma}, as diffusers' {@code FlowMatchEulerDiscreteScheduler} does
 * with shift 1. Thread-safe.
 */
final class Denoiser implements AutoCloseable {

    /** Red, green and blue. */
    static final int CHANNELS = 3;

    /** Width and height in pixels. */
    static final int SIDE = 64;

    /** Floats of one image, {@code [3, 64, 64]}. */
    static final int VALUES = CHANNELS * SIDE * SIDE;

    private final OnnxModel unet;

    private Denoiser(OnnxModel unet) {
        this.unet = unet;
    }

    static Denoiser load(ModelFolder folder, int threads) {
        return new Denoiser(OnnxModel.load(folder.weights("unet"), threads));
    }

    /**
     * Denoises in place.
     *
     * @param images standard normal noise {@code [n, 3, 64, 64]}; at the end the images, from about -1 (black) to about 1
     * @param steps evaluations of the U-Net, at least 1
     * @param listener called after each step, on the calling thread
     */
    void denoise(float[] images, ClassifierFreeGuidance guidance, int steps, OnnxRun run, StepListener listener) {
        try (var batch = new UnetBatch(guidance, images.length / VALUES)) {
            for (int step = 0; step < steps; step++) {
                batch.advance(images, sigma(step, steps), sigma(step + 1, steps), unet, run);
                listener.done(step + 1, images);
            }
        }
    }

    @Override
    public void close() {
        unet.close();
    }

    /** The noise level before a step, counted from 0: {@code linspace(1, 1 / steps, steps)}, then 0. */
    private static float sigma(int step, int steps) {
        return (float) ((double) (steps - step) / steps);
    }

    /** Receives the images after each step. */
    @FunctionalInterface
    interface StepListener {
        /**
         * Called when a step is done.
         *
         * @param step counted from 1
         * @param images {@code [n, 3, 64, 64]}, with the noise that is left; must not be changed
         */
        void done(int step, float[] images);
    }
}
