package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.RunOptions;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.worker.cancellation.Cancellation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** All evaluations for one task. A cancellation also ends an evaluation that is running. For one thread. */
public final class OnnxRun implements AutoCloseable {

    /** The option to give memory back when an evaluation ends. Its value names the arenas, each of which must be there. */
    private static final String SHRINK = "memory.enable_memory_arena_shrinkage";

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
        checkpoint();
        evaluate(writing(model, inputs, outputs), options.keeping);
    }

    /** Evaluates a network as {@link #evaluate}, then frees the memory of its intermediate results. */
    public void evaluateAndFree(OnnxModel model, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
        free(model, writing(model, inputs, outputs));
    }

    private static Evaluation<Boolean> writing(
            OnnxModel model, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
        return with -> {
            model.evaluate(inputs, outputs, with);
            return true;
        };
    }

    /**
     * Evaluates a network once and returns copies of the named outputs. The memory of its intermediate results is freed.
     *
     * @throws GenerationCanceled if the run was canceled before or during the evaluation
     * @throws GenerationFailed if ONNX Runtime reports an error
     */
    public Map<String, TensorValues> compute(OnnxModel model, Map<String, OnnxTensor> inputs, Set<String> outputs) {
        return free(model, with -> model.compute(inputs, outputs, with));
    }

    /** ONNX Runtime refuses, before it evaluates anything, to free memory that it does not hold, as on a device that allocates it in another way. */
    private <T> T free(OnnxModel model, Evaluation<T> evaluation) {
        checkpoint();
        try {
            return evaluation.run(options.freeing(model.arenas()));
        } catch (OrtException e) {
            checkpoint();
            if (!OnnxFailures.isOfArenas(e)) {
                throw OnnxFailures.duringEvaluation(e);
            }
        }
        return evaluate(evaluation, options.keeping);
    }

    private <T> T evaluate(Evaluation<T> evaluation, RunOptions with) {
        try {
            return evaluation.run(with);
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

    /** Options of an evaluation after which these arenas are freed. */
    static RunOptions freeing(String arenas) throws OrtException {
        var options = silent();
        options.addRunConfigEntry(SHRINK, arenas);
        return options;
    }

    /** Errors arrive as exceptions, and a canceled run is not an error to print. */
    private static RunOptions silent() throws OrtException {
        var options = new RunOptions();
        options.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        return options;
    }

    /** One evaluation of a network. */
    @FunctionalInterface
    private interface Evaluation<T> {
        T run(RunOptions with) throws OrtException;
    }

    /** Guards the native run options: a cancellation that arrives at the end must not use them after they were freed. */
    private static final class TerminableOptions implements AutoCloseable {

        private final RunOptions keeping;

        /** By their arenas: the networks of a run may be on different devices. */
        private final Map<String, RunOptions> freeing = new HashMap<>();

        private boolean terminated;
        private boolean closed;

        TerminableOptions() {
            OnnxSession.environment();
            try {
                keeping = silent();
            } catch (OrtException e) {
                throw OnnxFailures.duringEvaluation(e);
            }
        }

        synchronized RunOptions freeing(String arenas) throws OrtException {
            var known = freeing.get(arenas);
            if (known != null) {
                return known;
            }
            var options = OnnxRun.freeing(arenas);
            options.setTerminate(terminated);
            freeing.put(arenas, options);
            return options;
        }

        synchronized void terminate() {
            if (!closed) {
                try {
                    terminated = true;
                    keeping.setTerminate(true);
                    for (var options : freeing.values()) {
                        options.setTerminate(true);
                    }
                } catch (OrtException e) {
                    throw OnnxFailures.duringEvaluation(e);
                }
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            keeping.close();
            freeing.values().forEach(RunOptions::close);
        }
    }
}
