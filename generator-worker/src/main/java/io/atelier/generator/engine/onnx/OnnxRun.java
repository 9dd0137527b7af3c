package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.RunOptions;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.worker.cancellation.Cancellation;
import java.util.Map;
import java.util.Set;

/** All evaluations for one task. A cancellation also ends an evaluation that is running. For one thread. */
public final class OnnxRun implements AutoCloseable {

    private final Cancellation cancellation;
    private final TerminableOptions options;
    private final Cancellation.Registration registration;

    public OnnxRun(Cancellation cancellation) {
        this.cancellation = cancellation;
        this.options = new TerminableOptions();
        this.registration = cancellation.onRequest(options::terminate);
    }

    /**
     * Evaluates a network once.
     *
     * @param inputs by name, with the shapes that the model declares
     * @param outputs by name; the results are written into them
     * @throws GenerationCanceled if the run was canceled before or during the evaluation
     * @throws GenerationFailed if ONNX Runtime reports an error
     */
    public void evaluate(OnnxModel model, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
        checkpoint();
        try {
            model.evaluate(inputs, outputs, options.runOptions);
        } catch (OrtException e) {
            checkpoint();
            throw OnnxFailures.duringEvaluation(e);
        }
    }

    /**
     * Evaluates a network once and returns copies of the named outputs.
     *
     * @throws GenerationCanceled if the run was canceled before or during the evaluation
     * @throws GenerationFailed if ONNX Runtime reports an error
     */
    public Map<String, TensorValues> compute(OnnxModel model, Map<String, OnnxTensor> inputs, Set<String> outputs) {
        checkpoint();
        try {
            return model.compute(inputs, outputs, options.runOptions);
        } catch (OrtException e) {
            checkpoint();
            throw OnnxFailures.duringEvaluation(e);
        }
    }

    /** Returns if the run was not canceled. */
    public void checkpoint() {
        if (cancellation.requested()) {
            throw new GenerationCanceled();
        }
    }

    @Override
    public void close() {
        registration.close();
        options.close();
    }

    /** Guards the native run options: a cancellation that arrives at the end must not use them after they were freed. */
    private static final class TerminableOptions implements AutoCloseable {

        private final RunOptions runOptions;
        private boolean closed;

        TerminableOptions() {
            OnnxSession.environment();
            try {
                runOptions = new RunOptions();
                // Errors arrive as exceptions, and a canceled run is not an error to print.
                runOptions.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            } catch (OrtException e) {
                throw OnnxFailures.duringEvaluation(e);
            }
        }

        synchronized void terminate() {
            if (!closed) {
                try {
                    runOptions.setTerminate(true);
                } catch (OrtException e) {
                    throw OnnxFailures.duringEvaluation(e);
                }
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            runOptions.close();
        }
    }
}
