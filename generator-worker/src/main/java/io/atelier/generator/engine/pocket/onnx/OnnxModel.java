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

/** A neural net, loaded into ONNX Runtime on the CPU. Thread-safe: several runs may evaluate it at once. */
public final class OnnxModel implements AutoCloseable {

    private final OrtSession session;

    private OnnxModel(OrtSession session) {
        this.session = session;
    }

    /**
     * Loads a net.
     *
     * @param weights an ONNX file
     * @param threads how many threads work on one evaluation, the caller's among them, at least 1
     * @throws GenerationFailed if it cannot be loaded, or if there is no native library for this machine
     */
    public static OnnxModel load(byte[] weights, int threads) {
        var environment = environment();
        try (var options = new SessionOptions()) {
            options.setExecutionMode(ExecutionMode.SEQUENTIAL);
            options.setIntraOpNumThreads(threads);
            // Threads that spin while they wait for work take the cores away from each other and from the other slots.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            return new OnnxModel(environment.createSession(weights, options));
        } catch (OrtException e) {
            throw OnnxFailures.whileLoading(e);
        }
    }

    static OrtEnvironment environment() {
        try {
            return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, "atelier");
        } catch (LinkageError e) {
            throw OnnxFailures.noNativeLibrary(e);
        }
    }

    /** Writes the outputs in place: no value is copied. */
    void evaluate(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, RunOptions options)
            throws OrtException {
        session.run(inputs, Set.of(), outputs, options).close();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw OnnxFailures.whileLoading(e);
        }
    }
}
