package io.atelier.generator.engine.pocket;

import ai.onnxruntime.OnnxTensor;
import io.atelier.generator.engine.pocket.onnx.OnnxModel;
import io.atelier.generator.engine.pocket.onnx.OnnxRun;
import io.atelier.generator.engine.pocket.onnx.Tensors;
import io.atelier.generator.engine.pocket.text.TokenEmbeddings;
import java.nio.FloatBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The denoiser's inputs and output for a batch of pictures, kept from step to step. With guidance each picture stands in the batch twice:
 * first all that go away from something, then all that go towards the prompt. For one thread.
 */
final class UnetBatch implements AutoCloseable {

    private static final int TIMESTEPS = 1_000;

    private final Tensors tensors = new Tensors();
    private final ClassifierFreeGuidance steering;
    private final Tensors.Floats sample;
    private final Tensors.Floats timestep;
    private final Tensors.Floats output;
    private final Map<String, OnnxTensor> inputs;

    UnetBatch(ClassifierFreeGuidance steering, int images) {
        int batch = steering.guided() ? 2 * images : images;
        int length = Math.max(
                steering.towards().length(),
                steering.away() == null ? 1 : steering.away().length());
        this.steering = steering;
        this.sample = tensors.floats(batch, Denoiser.CHANNELS, Denoiser.SIDE, Denoiser.SIDE);
        this.timestep = tensors.floats(batch);
        this.output = tensors.floats(batch, Denoiser.CHANNELS, Denoiser.SIDE, Denoiser.SIDE);
        var states = tensors.floats(batch, length, TokenEmbeddings.WIDTH);
        var mask = tensors.longs(batch, length);
        for (int row = 0; row < batch; row++) {
            var text = row < batch - images ? steering.away() : steering.towards();
            writeRow(text, row * length, states, mask);
        }
        this.inputs = Map.of(
                "sample", sample.tensor(),
                "timestep", timestep.tensor(),
                "encoder_hidden_states", states.tensor(),
                "encoder_attention_mask", mask.tensor());
    }

    /** Moves every picture from one noise level to the next, along the velocity at the first. */
    void advance(float[] images, float sigma, float nextSigma, OnnxModel unet, OnnxRun run) {
        for (int row = 0; row < sample.values().capacity(); row += images.length) {
            sample.values().put(row, images);
        }
        for (int row = 0; row < timestep.values().capacity(); row++) {
            timestep.values().put(row, sigma * TIMESTEPS);
        }
        run.evaluate(unet, inputs, Map.of("out_sample", output.tensor()));
        FloatBuffer velocity = output.values();
        float stride = nextSigma - sigma;
        float scale = (float) steering.scale();
        for (int i = 0; i < images.length; i++) {
            float away = velocity.get(i);
            float guided = steering.guided() ? away + scale * (velocity.get(i + images.length) - away) : away;
            images[i] += stride * guided;
        }
    }

    @Override
    public void close() {
        tensors.close();
    }

    /** No text at all is a mask of zeros; so is the tail of the shorter of two texts. */
    private static void writeRow(@Nullable TokenEmbeddings text, int token, Tensors.Floats states, Tensors.Longs mask) {
        if (text != null) {
            text.copyTo(states.values(), token * TokenEmbeddings.WIDTH);
            for (int i = 0; i < text.length(); i++) {
                mask.values().put(token + i, 1);
            }
        }
    }
}
