package io.atelier.generator.engine.diffusion.pipeline.model;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the header of an ONNX file says about its weights.
 *
 * @param dtype the number type of most weights, such as {@code float32}, {@code float16}, {@code bfloat16} or {@code int8}
 * @param parameters the number of weights
 * @param externalFiles for each file that holds weights, relative to the folder of the ONNX file, the least number of bytes that it has
 */
record WeightSummary(String dtype, long parameters, Map<String, Long> externalFiles) {

    WeightSummary {
        externalFiles = new TreeMap<>(externalFiles);
    }
}
