package io.atelier.generator.engine.pocket.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.RunOptions;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.worker.cancellation.Cancellation;
import java.util.Map;

/** All evaluations for one task. Stops in the middle of an evaluation when its cancellation asks. For one thread. */
public final class OnnxRun implements AutoCloseable {

    private final Cancellation cancellation;
    private final Switch evaluations;
    private final Cancellation.Registration registration;

    public OnnxRun(Cancellation cancellation) {
        this.cancellation = cancellation;
        this.evaluations = new Switch();
        this.registration = cancellation.onRequest(evaluations::off);
    }

    /**
     * Evaluates the net once.
     *
     * @throws GenerationCanceled if told to stop, before or meanwhile
     * @throws GenerationFailed if ONNX Runtime cannot do it
     */
    public void evaluate(OnnxModel model, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
        checkpoint();
        try {
            model.evaluate(inputs, outputs, evaluations.options);
        } catch (OrtException e) {
            checkpoint();
            throw OnnxFailures.whileDrawing(e);
        }
    }

    /** Goes on only if nobody asked to stop. */
    public void checkpoint() {
        if (cancellation.requested()) {
            throw new GenerationCanceled();
        }
    }

    @Override
    public void close() {
        registration.close();
        evaluations.close();
    }

    /** Guards the native options: a cancellation that comes at the very end must not touch them once they are freed. */
    private static final class Switch implements AutoCloseable {

        private final RunOptions options;
        private boolean closed;

        Switch() {
            OnnxModel.environment();
            try {
                options = new RunOptions();
                // What goes wrong arrives as an exception; a stopped run is no error to print.
                options.setLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            } catch (OrtException e) {
                throw OnnxFailures.whileDrawing(e);
            }
        }

        synchronized void off() {
            if (!closed) {
                try {
                    options.setTerminate(true);
                } catch (OrtException e) {
                    throw OnnxFailures.whileDrawing(e);
                }
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            options.close();
        }
    }
}
