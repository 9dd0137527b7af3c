package io.atelier.generator.engine.diffusion.pipeline.model;

import java.util.Set;
import java.util.TreeSet;

/**
 * What the header of an ONNX file says about its weights.
 *
 * @param dtype the number type of most weights, such as {@code float32}, {@code float16}, {@code bfloat16} or {@code int8}
 * @param parameters the number of weights
 * @param externalFiles names of the files that hold weights, relative to the folder of the ONNX file
 */
record WeightSummary(String dtype, long parameters, Set<String> externalFiles) {

    WeightSummary {
        externalFiles = new TreeSet<>(externalFiles);
    }
}
