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
     * Evaluates a network, which keeps the memory of its intermediate results for the next evaluation.
     *
     * @param inputs by name, with the shapes that the model declares
     * @param outputs by name; the results are written into them
     * @throws GenerationCanceled if the run was canceled before or during the evaluation
     * @throws GenerationFailed if ONNX Runtime reports an error
     */
    public void evaluate(OnnxModel model, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
        evaluate(model, inputs, outputs, options.keeping);
    }

    /** Evaluates a network as {@link #evaluate}, then frees the memory of its intermediate results. */
    public void evaluateAndFree(OnnxModel model, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
        evaluate(model, inputs, outputs, options.freeing);
    }

    /**
     * Evaluates a network once and returns copies of the named outputs. The memory of its intermediate results is freed.
     *
     * @throws GenerationCanceled if the run was canceled before or during the evaluation
     * @throws GenerationFailed if ONNX Runtime reports an error
     */
    public Map<String, TensorValues> compute(OnnxModel model, Map<String, OnnxTensor> inputs, Set<String> outputs) {
        checkpoint();
        try {
            return model.compute(inputs, outputs, options.freeing);
        } catch (OrtException e) {
            checkpoint();
            throw OnnxFailures.duringEvaluation(e);
        }
    }

    private void evaluate(
            OnnxModel model, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, RunOptions with) {
        checkpoint();
        try {
            model.evaluate(inputs, outputs, with);
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

        /** Name and value of the option to give the arena of the processor back when an evaluation ends. */
        private static final String SHRINK = "memory.enable_memory_arena_shrinkage";

        private static final String PROCESSOR = "cpu:0";

        private final RunOptions keeping;
        private final RunOptions freeing;
        private boolean closed;

        TerminableOptions() {
            OnnxSession.environment();
            try {
                keeping = silent();
                freeing = silent();
                freeing.addRunConfigEntry(SHRINK, PROCESSOR);
            } catch (OrtException e) {
                throw OnnxFailures.duringEvaluation(e);
            }
        }

        /** Errors arrive as exceptions, and a canceled run is not an error to print. */
        private static RunOptions silent() throws OrtException {
            var options = new RunOptions();
            options.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            return options;
        }

        synchronized void terminate() {
            if (!closed) {
                try {
                    keeping.setTerminate(true);
                    freeing.setTerminate(true);
                } catch (OrtException e) {
                    throw OnnxFailures.duringEvaluation(e);
                }
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            keeping.close();
            freeing.close();
        }
    }
}
