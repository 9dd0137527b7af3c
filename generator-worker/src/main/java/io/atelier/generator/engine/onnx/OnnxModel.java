package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import io.atelier.generator.engine.GenerationFailed;
import java.util.Map;
import java.util.Set;

/** A neural network that is loaded and can be evaluated. Thread-safe: several threads may evaluate it at once. */
public interface OnnxModel extends AutoCloseable {

    /**
     * Loads a network to the CPU.
     *
     * @param weights the content of an ONNX file
     * @param threads threads for one evaluation, including the calling one, at least 1
     * @throws GenerationFailed if the file cannot be loaded, or there is no native library for this machine
     */
    static OnnxModel load(byte[] weights, int threads) {
        return OnnxSession.load(weights, threads);
    }

    /** The declared inputs by name. */
    Map<String, TensorType> inputs();

    /** The declared outputs by name. */
    Map<String, TensorType> outputs();

    /** Evaluates the network; the outputs are written into the given tensors, without a copy. */
    void evaluate(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, RunOptions options)
            throws OrtException;

    /** Evaluates the network and returns copies of the named outputs, whose shapes need not be known before. */
    Map<String, TensorValues> compute(Map<String, OnnxTensor> inputs, Set<String> outputs, RunOptions options)
            throws OrtException;

    /** The memory that ONNX Runtime holds for evaluations, see {@link InferenceDevice#arenas}. */
    default String arenas() {
        return InferenceDevice.CPU.arenas();
    }

    /** The plans of ONNX Runtime for the memory of evaluations; a network that keeps none has a new one each time. */
    default MemoryPlans memoryPlans() {
        return new MemoryPlans();
    }

    /**
     * Frees the memory that evaluations with these inputs kept for intermediate results.
     *
     * @param outputs of those evaluations
     */
    default void free(Map<String, OnnxTensor> inputs, Set<String> outputs) {}

    /** Frees the memory of the network. */
    @Override
    void close();
}
