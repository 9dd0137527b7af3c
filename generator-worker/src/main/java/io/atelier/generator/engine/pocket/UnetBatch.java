package io.atelier.generator.engine.pocket;

import ai.onnxruntime.OnnxTensor;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import io.atelier.generator.engine.onnx.Tensors;
import io.atelier.generator.engine.pocket.text.TokenEmbeddings;
import java.nio.FloatBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The inputs and the output of the U-Net for a batch of images, reused in each step. With guidance each of the {@code n} images is in the batch
 * twice: rows 0 to {@code n - 1} with the negative prompt, rows {@code n} to {@code 2n - 1} with the prompt. For one thread.
 *
 * <p>Tensors, where {@code B} is {@code n} or {@code 2n}, and {@code L} the number of tokens of the longer text: {@code sample} and
 * {@code out_sample} float32 {@code [B, 3, 64, 64]}, {@code timestep} float32 {@code [B]}, {@code encoder_hidden_states} float32
 * {@code [B, L, 384]}, {@code encoder_attention_mask} int64 {@code [B, L]}. The output is the velocity {@code noise - image}.
 */
final class UnetBatch implements AutoCloseable {

    /** The U-Net takes the noise level as a timestep of 0 to 1000. */
    private static final int TIMESTEPS = 1_000;

    private final Tensors tensors = new Tensors();
    private final ClassifierFreeGuidance guidance;
    private final Tensors.Floats sample;
    private final Tensors.Floats timestep;
    private final Tensors.Floats output;
    private final Map<String, OnnxTensor> inputs;

    UnetBatch(ClassifierFreeGuidance guidance, int images) {
        int batch = guidance.needsBoth() ? 2 * images : images;
        int length = Math.max(
                guidance.prompt().length(),
                guidance.negative() == null ? 1 : guidance.negative().length());
        this.guidance = guidance;
        this.sample = tensors.floats(batch, Denoiser.CHANNELS, Denoiser.SIDE, Denoiser.SIDE);
        this.timestep = tensors.floats(batch);
        this.output = tensors.floats(batch, Denoiser.CHANNELS, Denoiser.SIDE, Denoiser.SIDE);
        var states = tensors.floats(batch, length, TokenEmbeddings.WIDTH);
        var mask = tensors.longs(batch, length);
        for (int row = 0; row < batch; row++) {
            var text = row < batch - images ? guidance.negative() : guidance.prompt();
            writeRow(text, row * length, states, mask);
        }
        this.inputs = Map.of(
                "sample", sample.tensor(),
                "timestep", timestep.tensor(),
                "encoder_hidden_states", states.tensor(),
                "encoder_attention_mask", mask.tensor());
    }

    /**
     * Makes one Euler step in place: {@code x += (nextSigma - sigma) * (n + scale * (p - n))}, where {@code p} and {@code n} are the velocities at
     * {@code sigma} with the prompt and with the negative prompt.
     *
     * @param images {@code [n, 3, 64, 64]}
     * @param sigma noise level of the images, 1 for pure noise
     * @param nextSigma noise level after the step, 0 for a finished image
     */
    void advance(float[] images, float sigma, float nextSigma, OnnxModel unet, OnnxRun run) {
        for (int row = 0; row < sample.values().capacity(); row += images.length) {
            sample.values().put(row, images);
        }
        for (int row = 0; row < timestep.values().capacity(); row++) {
            timestep.values().put(row, sigma * TIMESTEPS);
        }
        run.evaluate(unet, inputs, Map.of("out_sample", output.tensor()));
        FloatBuffer velocity = output.values();
        float sigmaStep = nextSigma - sigma;
        float scale = (float) guidance.scale();
        for (int i = 0; i < images.length; i++) {
            float base = velocity.get(i);
            float guided = guidance.needsBoth() ? base + scale * (velocity.get(i + images.length) - base) : base;
            images[i] += sigmaStep * guided;
        }
    }

    @Override
    public void close() {
        tensors.close();
    }

    /** Writes the embeddings and the mask of one row. A missing text, and the end of the shorter of two texts, have mask 0. */
    private static void writeRow(
            @Nullable TokenEmbeddings text, int firstToken, Tensors.Floats states, Tensors.Longs mask) {
        if (text != null) {
            text.copyTo(states.values(), firstToken * TokenEmbeddings.WIDTH);
            for (int i = 0; i < text.length(); i++) {
                mask.values().put(firstToken + i, 1);
            }
        }
    }
}
