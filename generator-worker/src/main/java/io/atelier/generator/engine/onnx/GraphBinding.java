package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The inputs and outputs of a network for one run, in memory that is reused by each evaluation. Number types and ranks are those that the network
 * declares; an input that it lacks is not fed. For one thread.
 */
public final class GraphBinding implements AutoCloseable {

    private final Tensors tensors = new Tensors();
    private final OnnxModel model;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();
    private boolean isPlanned;
    private boolean holdsMemory;

    public GraphBinding(OnnxModel model) {
        this.model = model;
    }

    /** Creates an input filled with 0; empty if the network has no such input. */
    public Optional<NumericTensor> input(String name, long... shape) {
        return Optional.ofNullable(model.inputs().get(name)).map(type -> {
            requireFeatures(name, type, shape);
            var input = tensors.numeric(element(name, type), shape);
            inputs.put(name, input.tensor());
            return input;
        });
    }

    /**
     * Creates an input that has one value for each row of the batch. If the network declares a scalar or an axis of length 1, it is a single value.
     */
    public Optional<NumericTensor> inputPerRow(String name, int batch) {
        return Optional.ofNullable(model.inputs().get(name)).flatMap(type -> {
            if (type.rank() == 0) {
                return input(name);
            }
            return input(name, type.shape().get(0) == 1 ? 1 : batch);
        });
    }

    /** Creates an input with the given values; nothing happens if the network has no such input. */
    public void feed(String name, float[] values, long... shape) {
        input(name, shape).ifPresent(input -> input.put(0, values));
    }

    /** Creates an input that the network must have. */
    public NumericTensor required(String name, long... shape) {
        return input(name, shape)
                .orElseThrow(() -> unsuitable("The network has no input \"%s\"; it has %s."
                        .formatted(name, new TreeSet<>(model.inputs().keySet()))));
    }

    /** Creates the memory for an output that the network must have. */
    public NumericTensor output(String name, long... shape) {
        var type = model.outputs().get(name);
        if (type == null) {
            throw unsuitable("The network has no output \"%s\"; it has %s."
                    .formatted(name, new TreeSet<>(model.outputs().keySet())));
        }
        var output = tensors.numeric(element(name, type), shape);
        outputs.put(name, output.tensor());
        return output;
    }

    /** Evaluates the network with the present inputs; the outputs are overwritten. Keeps the memory of its intermediate results for the next evaluation. */
    public void evaluate(OnnxRun run) {
        requireAllInputs();
        isPlanned = isPlanned || model.memoryPlans().include(inputs);
        if (isPlanned) {
            holdsMemory = true;
            run.evaluate(model, inputs, outputs);
        } else {
            // The next evaluation allocates the memory again, in one piece, and would hold it beside what this one
            // leaves.
            run.evaluateAndFree(model, inputs, outputs);
            model.memoryPlans().add(inputs);
            isPlanned = true;
        }
    }

    /** Evaluates the network with the present inputs and returns the named outputs. The memory of its intermediate results is freed. */
    public Map<String, TensorValues> compute(OnnxRun run, Set<String> names) {
        requireAllInputs();
        return run.compute(model, inputs, names);
    }

    /** Also frees the memory of the intermediate results, however the run ended. */
    @Override
    public void close() {
        try {
            if (holdsMemory) {
                model.free(inputs, outputs.keySet());
            }
        } finally {
            tensors.close();
        }
    }

    private void requireAllInputs() {
        if (inputs.size() < model.inputs().size()) {
            var missing = new TreeSet<>(model.inputs().keySet());
            missing.removeAll(inputs.keySet());
            throw unsuitable("The network needs the inputs %s, which are not known.".formatted(missing));
        }
    }

    /**
     * How many numbers describe a token or an image follows from the models alone: other models than the network's own have other numbers. The other axes
     * depend on the request.
     */
    private static void requireFeatures(String name, TensorType type, long... shape) {
        boolean hasFeatures =
                !type.isInteger() && (type.rank() == 2 || type.rank() == 3) && shape.length == type.rank();
        if (!hasFeatures) {
            return;
        }
        long declared = type.shape().get(type.rank() - 1);
        long given = shape[shape.length - 1];
        if (declared >= 0 && declared != given) {
            throw unsuitable(
                    "The network takes \"%s\" of %d numbers each, and the model gives it %d: its networks or configs are those of different models."
                            .formatted(name, declared, given));
        }
    }

    private static OnnxJavaType element(String name, TensorType type) {
        if (!NumericTensor.supports(type.element())) {
            throw unsuitable("\"%s\" of the network has the number type %s; supported are float32, float16, bfloat16,"
                            .formatted(name, type.element())
                    + " float64, int64 and int32.");
        }
        return type.element();
    }

    private static GenerationFailed unsuitable(String message) {
        return new GenerationFailed(new Failure(
                Failure.Code.NOT_CONFIGURED, message + " Export the model again with optimum-cli export onnx."));
    }
}
