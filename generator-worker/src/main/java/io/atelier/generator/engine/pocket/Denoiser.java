package io.atelier.generator.engine.pocket;

import io.atelier.generator.engine.pocket.onnx.ModelFolder;
import io.atelier.generator.engine.pocket.onnx.OnnxModel;
import io.atelier.generator.engine.pocket.onnx.OnnxRun;

/**
 * Turns noise into pictures of 64 x 64: a flow-matching U-Net, integrated by Euler's method over evenly spaced noise levels. Thread-safe.
 */
final class Denoiser implements AutoCloseable {

    static final int CHANNELS = 3;
    static final int SIDE = 64;
    static final int VALUES = CHANNELS * SIDE * SIDE;

    private final OnnxModel unet;

    private Denoiser(OnnxModel unet) {
        this.unet = unet;
    }

    static Denoiser load(ModelFolder folder, int threads) {
        return new Denoiser(OnnxModel.load(folder.weights("unet"), threads));
    }

    /** Denoises in place: pictures one after the other, each as three planes, -1 to 1 or a little beyond when done. */
    void denoise(float[] images, ClassifierFreeGuidance steering, int steps, OnnxRun run, StepListener listener) {
        try (var velocities = new UnetBatch(steering, images.length / VALUES)) {
            for (int step = 0; step < steps; step++) {
                velocities.advance(images, sigma(step, steps), sigma(step + 1, steps), unet, run);
                listener.done(step + 1, images);
            }
        }
    }

    @Override
    public void close() {
        unet.close();
    }

    /** How much of a picture is noise before the given step: from 1 evenly down to 1 / steps, then 0. */
    private static float sigma(int step, int steps) {
        return (float) ((double) (steps - step) / steps);
    }

    /** Hears of each step. */
    @FunctionalInterface
    interface StepListener {
        /**
         * A step is done.
         *
         * @param step from 1
         * @param images as they are now; only to look at
         */
        void done(int step, float[] images);
    }
}
