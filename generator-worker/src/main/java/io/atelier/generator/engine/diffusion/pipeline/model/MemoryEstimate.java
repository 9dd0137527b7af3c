package io.atelier.generator.engine.diffusion.pipeline.model;

import java.util.Map;
import java.util.Set;

/** How much memory a device needs for a model: its weights, and a tenth for what is stored beside them. */
public final class MemoryEstimate {

    /** ONNX Runtime has no operators for these on processors, so it keeps each weight a second time, as a number of 32 bits. */
    private static final Set<String> WIDENED = Set.of("float16", "bfloat16");

    private static final double STORED = 1.1;
    private static final double STORED_AND_WIDENED = 2.1;

    private MemoryEstimate() {}

    /** The memory in bytes of the model when a processor has loaded it, without that of a run. */
    public static long bytes(PipelineDescription model) {
        return bytes(model, true);
    }

    /**
     * The memory in bytes of the loaded model, without that of a run.
     *
     * @param isWidened whether the device keeps weights of 16 bits a second time with 32, as processors do
     */
    public static long bytes(PipelineDescription model, boolean isWidened) {
        return model.components().stream()
                .mapToLong(part -> (long) (part.bytes() * (isWidened ? factor(part.dtype()) : STORED)))
                .sum();
    }

    /** The memory in bytes of the loaded model and of a run that makes one image of the default size. */
    public static long withRun(PipelineDescription model) {
        var defaults = model.defaults();
        return bytes(model) + model.activations().bytes((long) defaults.width() * defaults.height(), 1);
    }

    /** The memory in bytes of the loaded model and of a run that makes one image of the smallest size. */
    public static long withSmallestRun(PipelineDescription model) {
        return bytes(model) + model.activations().bytes(model.minPixels(), 1);
    }

    /**
     * The memory in bytes of a model whose folder is not complete. Networks whose ONNX file is not there yet count as if their weights had 32 bits.
     *
     * @param folder has {@code model_index.json}
     * @param networks the final sizes of the networks' files in bytes, by their names
     */
    public static long bytes(DiffusersFolder folder, Map<String, Long> networks) {
        return networks.entrySet().stream()
                .mapToLong(network -> (long) (network.getValue() * factor(dtype(folder, network.getKey()))))
                .sum();
    }

    /** The least memory in bytes that weights of this size need, whatever their number type is. */
    public static long least(long weightBytes) {
        return (long) (weightBytes * STORED);
    }

    /** Whether a model with weights of this number type needs about twice as much memory on a processor as in its files. */
    public static boolean isWidened(String dtype) {
        return WIDENED.contains(dtype);
    }

    private static String dtype(DiffusersFolder folder, String network) {
        return folder.hasWeights(network) ? folder.header(network).dtype() : "";
    }

    private static double factor(String dtype) {
        return isWidened(dtype) ? STORED_AND_WIDENED : STORED;
    }
}
