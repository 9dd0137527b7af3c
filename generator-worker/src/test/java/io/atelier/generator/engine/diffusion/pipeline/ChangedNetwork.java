package io.atelier.generator.engine.diffusion.pipeline;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import io.atelier.generator.engine.onnx.OnnxModel;
import io.atelier.generator.engine.onnx.TensorType;
import io.atelier.generator.engine.onnx.TensorValues;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A network that is wired wrongly: one of its inputs or outputs is changed on the way. */
final class ChangedNetwork implements OnnxModel {

    private final OnnxModel network;
    private final String changed;
    private final UnaryOperator<TensorValues> change;
    private final UnaryOperator<String> rename;

    private ChangedNetwork(
            OnnxModel network, String changed, UnaryOperator<TensorValues> change, UnaryOperator<String> rename) {
        this.network = network;
        this.changed = changed;
        this.change = change;
        this.rename = rename;
    }

    /** Changes a float32 input or output of a component; the change keeps the shape. */
    static BiFunction<String, OnnxModel, OnnxModel> change(
            String component, String name, UnaryOperator<TensorValues> change) {
        return (loaded, network) ->
                loaded.equals(component) ? new ChangedNetwork(network, name, change, other -> other) : network;
    }

    /** Takes another output than the one that was asked for. */
    static BiFunction<String, OnnxModel, OnnxModel> takeOutput(String component, String asked, String taken) {
        return (loaded, network) -> loaded.equals(component)
                ? new ChangedNetwork(network, "", values -> values, name -> name.equals(asked) ? taken : name)
                : network;
    }

    @Override
    public Map<String, TensorType> inputs() {
        return network.inputs();
    }

    @Override
    public Map<String, TensorType> outputs() {
        return network.outputs();
    }

    @Override
    public void evaluate(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs, RunOptions options)
            throws OrtException {
        var input = inputs.get(changed);
        if (input == null) {
            network.evaluate(inputs, outputs, options);
        } else {
            var right = ObservedNetwork.values(input);
            write(input, change.apply(right));
            network.evaluate(inputs, outputs, options);
            write(input, right);
        }
        var output = outputs.get(changed);
        if (output != null) {
            write(output, change.apply(ObservedNetwork.values(output)));
        }
    }

    @Override
    public Map<String, TensorValues> compute(Map<String, OnnxTensor> inputs, Set<String> outputs, RunOptions options)
            throws OrtException {
        var taken = network.compute(inputs, outputs.stream().map(rename).collect(Collectors.toSet()), options);
        var results = new HashMap<String, TensorValues>();
        outputs.forEach(name -> results.put(name, taken.get(rename.apply(name))));
        return results;
    }

    @Override
    public void close() {
        network.close();
    }

    private static void write(OnnxTensor tensor, TensorValues values) {
        ByteBuffer memory = ObservedNetwork.memory(tensor);
        for (int i = 0; i < values.values().length; i++) {
            memory.putFloat(i * Float.BYTES, values.values()[i]);
        }
    }
}
