package io.atelier.generator.engine.diffusion.pipeline.model;

import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Explains what to do with a folder that has no weights for ONNX Runtime, such as one with PyTorch weights. */
final class UnexportedWeights {

    private static final String PYTORCH = "glob:*.{safetensors,bin,ckpt,pt,pth}";

    private UnexportedWeights() {}

    /** A folder without {@code model_index.json}. */
    static GenerationFailed withoutIndex(String name, Path folder) throws IOException {
        if (pytorchFile(folder).isPresent()) {
            return UnusableModel.because(
                    "%s holds a checkpoint in a single file (%s), which cannot be run. Download the model as a folder of diffusers, then: %s"
                            .formatted(name, pytorchFile(folder).get(), command(name)));
        }
        return UnusableModel.because(
                "%s has no model_index.json, so it is no model folder. Add the folder that optimum-cli export onnx wrote."
                        .formatted(name));
    }

    /** A component without {@code model.onnx}. */
    static GenerationFailed ofComponent(String name, Path folder, String component) {
        var pytorch = pytorchWeights(folder, component);
        if (pytorch.isPresent()) {
            return UnusableModel.because("%s holds PyTorch weights (%s), which cannot be run. Export the model once: %s"
                    .formatted(name, pytorch.get(), command(name)));
        }
        return UnusableModel.because("%s/model.onnx is missing in the model folder. Export or download the model again."
                .formatted(component));
    }

    private static String command(String name) {
        String quoted = name.matches("[\\w.-]+") ? name : "'" + name + "'";
        String output = name.matches("[\\w.-]+") ? name + "-onnx" : "'" + name + "-onnx'";
        return "optimum-cli export onnx --model %s --task text-to-image %s".formatted(quoted, output);
    }

    /** PyTorch weights of the component; those of the VAE are in one folder. */
    private static Optional<String> pytorchWeights(Path folder, String component) {
        String original = component.startsWith("vae_") ? "vae" : component;
        try {
            return pytorchFile(folder.resolve(original)).map(file -> original + "/" + file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> pytorchFile(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        var matcher = folder.getFileSystem().getPathMatcher(PYTORCH);
        try (var files = Files.list(folder)) {
            return files.map(Path::getFileName)
                    .filter(matcher::matches)
                    .sorted()
                    .findFirst();
        }
    }
}
