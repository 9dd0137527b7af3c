package io.atelier.generator.engine.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.RunOptions;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.TensorInfo;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.FileFailure;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A network in a session of ONNX Runtime. */
final class OnnxSession implements OnnxModel {

    private final OrtSession session;
    private final String arenas;
    private final MemoryPlans memoryPlans = new MemoryPlans();
    private final Map<String, TensorType> inputs;
    private final Map<String, TensorType> outputs;

    private OnnxSession(OrtSession session, InferenceDevice device) throws OrtException {
        this.session = session;
        this.arenas = device.arenas();
        this.inputs = tensors(session.getInputInfo());
        this.outputs = tensors(session.getOutputInfo());
    }

    static OnnxModel load(byte[] weights, int threads) {
        return load(weights, InferenceDevice.CPU, threads);
    }

    static OnnxModel load(byte[] weights, InferenceDevice device, int threads) {
        var environment = environment();
        try (var options = options(device, threads)) {
            return open(environment.createSession(weights, options), device);
        } catch (OrtException e) {
            throw OnnxFailures.duringLoading(e);
        }
    }

    /** Loads a file; external data is read from the files beside it. */
    static OnnxModel load(Path file, InferenceDevice device, int threads) {
        var environment = environment();
        try (var options = options(device, threads)) {
            return open(environment.createSession(file.toString(), options), device);
        } catch (OrtException e) {
            throw failure(file, e);
        }
    }

    /** ONNX Runtime takes what it could read of a file for the whole file, and refuses it as damaged. */
    private static GenerationFailed failure(Path file, OrtException cause) {
        var failure = OnnxFailures.duringLoading(file, cause);
        if (failure.failure().code() == Code.NOT_CONFIGURED) {
            try (var content = Files.newInputStream(file)) {
                content.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                return FileFailure.of(
                        OnnxFailures.shortName(file).toString(), e, "Export or download the model again.");
            }
        }
        return failure;
    }

    static OrtEnvironment environment() {
        return OnnxEnvironment.get();
    }

    @Override
    public Map<String, TensorType> inputs() {
        return inputs;
    }

    @Override
    public Map<String, TensorType> outputs() {
        return outputs;
    }

    @Override
    public void evaluate(Map<String, OnnxTensor> in, Map<String, OnnxTensor> out, RunOptions options)
            throws OrtException {
        session.run(in, Set.of(), out, options).close();
    }

    @Override
    public Map<String, TensorValues> compute(Map<String, OnnxTensor> in, Set<String> out, RunOptions options)
            throws OrtException {
        try (var results = session.run(in, out, options)) {
            var values = new HashMap<String, TensorValues>();
            for (var result : results) {
                values.put(result.getKey(), TensorValues.copyOf((OnnxTensor) result.getValue()));
            }
            return values;
        }
    }

    @Override
    public String arenas() {
        return arenas;
    }

    @Override
    public MemoryPlans memoryPlans() {
        return memoryPlans;
    }

    /** ONNX Runtime frees memory only at the end of an evaluation, but also of one that ends before its first node. */
    @Override
    public void free(Map<String, OnnxTensor> in, Set<String> out) {
        try (var options = OnnxRun.freeing(arenas)) {
            options.setTerminate(true);
            session.run(in, out, options).close();
        } catch (OrtException ended) {
            // So it must; or the device holds no memory.
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw OnnxFailures.duringLoading(e);
        }
    }

    private static OnnxModel open(OrtSession session, InferenceDevice device) throws OrtException {
        try {
            return new OnnxSession(session, device);
        } catch (OrtException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static SessionOptions options(InferenceDevice device, int threads) throws OrtException {
        var options = new SessionOptions();
        options.setExecutionMode(ExecutionMode.SEQUENTIAL);
        options.setIntraOpNumThreads(threads);
        // Threads that spin while they wait for work take processor time from each other and from other slots.
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        try {
            device.addTo(options);
        } catch (RuntimeException e) {
            options.close();
            throw e;
        }
        return options;
    }

    private static Map<String, TensorType> tensors(Map<String, NodeInfo> nodes) {
        var tensors = new HashMap<String, TensorType>();
        nodes.forEach((name, node) -> {
            if (node.getInfo() instanceof TensorInfo tensor) {
                tensors.put(name, TensorType.of(tensor));
            }
        });
        return Map.copyOf(tensors);
    }
}
