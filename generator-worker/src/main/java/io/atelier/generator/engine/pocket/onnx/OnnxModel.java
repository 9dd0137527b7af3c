package io.atelier.generator.engine.pocket.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import io.atelier.generator.engine.GenerationFailed;
import java.util.Map;
import java.util.Set;

/** A neural network that is loaded into ONNX Runtime on the CPU. Thread-safe: several threads may evaluate it at once. */
public final class OnnxModel implements AutoCloseable {

    private final OrtSession session;

    private OnnxModel(OrtSession session) {
        this.session = session;
    }

    /**
     * Loads a network.
     *
     * @param weights the content of an ONNX file
     * @param threads threads for one evaluation, including the calling one, at least 1
     * @throws GenerationFailed if the file cannot be loaded, or there is no native library for this machine
     */
    public static OnnxModel load(byte[] weights, int threads) {
        var environment = environment();
        try (var options = new SessionOptions()) {
            options.setExecutionMode(ExecutionMode.SEQUENTIAL);
            options.setIntraOpNumThreads(threads);
            // Threads that spin while they wait for work take processor time from each other and from other slots.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            return new OnnxModel(environment.createSession(weights, options));
        } catch (OrtException e) {
            throw OnnxFailures.duringLoading(e);
        }
    }

    static OrtEnvironment environment() {
        try {
            return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, "atelier");
        } catch (LinkageError e) {
            throw OnnxFailures.noNativeLibrary(e);
        }
    }

    /** Evaluates the network; the outputs are written into the given tensors, without a copy. */
    void evaluate(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, RunOptions options)
            throws OrtException {
        session.run(inputs, Set.of(), outputs, options).close();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw OnnxFailures.duringLoading(e);
        }
    }
}
