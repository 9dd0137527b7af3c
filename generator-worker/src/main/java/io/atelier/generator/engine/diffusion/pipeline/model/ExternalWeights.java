package io.atelier.generator.engine.diffusion.pipeline.model;

import io.atelier.generator.engine.GenerationFailed;
import java.nio.file.Path;
import java.util.Set;

/** The weights of a network that are not in its ONNX file. */
public final class ExternalWeights {

    private ExternalWeights() {}

    /**
     * The names of the files that hold them, relative to the folder of the ONNX file; empty if there are none.
     *
     * @param name of the ONNX file, for messages
     * @throws GenerationFailed if it is no ONNX file, or cannot be read
     */
    public static Set<String> of(String name, Path onnx) {
        return OnnxHeader.read(name, onnx).externalFiles().keySet();
    }
}
