package io.atelier.generator.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The shapes of inputs for which ONNX Runtime has planned the memory of a network: the first evaluation with such shapes shows how much is needed, and
 * all later ones, also of other runs, allocate it in one piece. Thread-safe.
 */
public final class MemoryPlans {

    private final Set<Map<String, List<Long>>> shapes = ConcurrentHashMap.newKeySet();

    /** Whether the network was evaluated with inputs of these shapes. */
    boolean include(Map<String, OnnxTensor> inputs) {
        return shapes.contains(shapes(inputs));
    }

    /** The network was evaluated with these inputs; an evaluation that failed or was canceled leaves no plan. */
    void add(Map<String, OnnxTensor> inputs) {
        shapes.add(shapes(inputs));
    }

    private static Map<String, List<Long>> shapes(Map<String, OnnxTensor> inputs) {
        return inputs.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        input -> Arrays.stream(input.getValue().getInfo().getShape())
                                .boxed()
                                .toList()));
    }
}
