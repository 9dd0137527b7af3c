package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import io.atelier.generator.engine.onnx.GraphBinding;
import io.atelier.generator.engine.onnx.NumericTensor;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.OnnxRun;
import java.util.Optional;
import java.util.function.Consumer;

/** Evaluates the denoiser in one run; its memory is reused by each evaluation. For one thread. */
public final class NoisePredictor implements AutoCloseable {

    private final GraphBinding binding;
    private final NetworkSignature signature;
    private final LatentLayout layout;
    private final ConditioningRows rows;
    private final NumericTensor sample;
    private final Optional<NumericTensor> timestep;
    private final NumericTensor output;

    /** The output of the network as it comes, of all rows of the batch. */
    private final float[] raw;

    private NoisePredictor(
            GraphBinding binding, NetworkSignature signature, LatentLayout layout, ConditioningRows rows) {
        this.binding = binding;
        this.signature = signature;
        this.layout = layout;
        this.rows = rows;
        this.sample = binding.required(signature.sample(), layout.tensorShape(rows.size()));
        this.timestep = binding.inputPerRow("timestep", rows.size());
        this.output = binding.output(signature.output(), layout.tensorShape(rows.size()));
        this.raw = new float[output.size()];
    }

    /**
     * Prepares a run.
     *
     * @param conditioning feeds all inputs but latents and timestep
     */
    static NoisePredictor start(
            OnnxModel network,
            NetworkSignature signature,
            LatentLayout layout,
            ConditioningRows rows,
            Consumer<GraphBinding> conditioning) {
        var binding = new GraphBinding(network);
        try {
            conditioning.accept(binding);
            return new NoisePredictor(binding, signature, layout, rows);
        } catch (RuntimeException | Error e) {
            binding.close();
            throw e;
        }
    }

    /**
     * Predicts noise, velocity or whatever the network was trained for. With guidance it is {@code n + scale * (p - n)}, where {@code p} is predicted
     * with the prompt and {@code n} with the negative prompt (Ho and Salimans, 2022).
     *
     * @param latents {@code [n, C, h, w]}, as the scheduler scaled them
     * @param time the scheduler's timestep, of 0 to 1000
     * @param into receives the prediction, {@code [n, C, h, w]}
     */
    public void predict(float[] latents, float time, float[] into, OnnxRun run) {
        var packed = layout.pack(latents);
        sample.put(0, packed);
        if (rows.isGuided()) {
            sample.put(packed.length, packed);
        }
        timestep.ifPresent(input -> input.fill(time / signature.timestepDivisor()));
        binding.evaluate(run);
        output.get(raw);
        if (rows.isGuided()) {
            for (int i = 0; i < packed.length; i++) {
                raw[i] += rows.guidance() * (raw[packed.length + i] - raw[i]);
            }
        }
        layout.unpack(raw, into);
    }

    @Override
    public void close() {
        binding.close();
    }
}
