package io.atelier.standalone.models.source;

import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.util.Collection;
import java.util.regex.Pattern;

/** What to do with a model that has no weights for ONNX Runtime. */
final class ExportAdvice {

    private static final Pattern PYTORCH = Pattern.compile(".*\\.(safetensors|bin|ckpt|pt|pth|gguf)");
    private static final Pattern PLAIN = Pattern.compile("[\\w./-]+");

    private final String source;
    private final String argument;
    private final Collection<String> paths;

    /**
     * @param source the model, as the beginning of a sentence
     * @param argument the model as an argument of the command that exports
     * @param paths all files of the source
     */
    ExportAdvice(String source, String argument, Collection<String> paths) {
        this.source = source;
        this.argument = argument;
        this.paths = paths;
    }

    /** Checks that there is a {@code model_index.json}. */
    void requireIndex() {
        if (!paths.contains(PipelineIndex.FILE)) {
            var checkpoint = paths.stream()
                    .filter(ExportAdvice::isRootCheckpoint)
                    .sorted()
                    .findFirst();
            throw refused(checkpoint
                    .map(file ->
                            "%s holds a checkpoint in a single file (%s), which cannot be run. Convert it with diffusers (from_single_file, save_pretrained), then export that folder: %s"
                                    .formatted(source, file, command("FOLDER")))
                    .orElseGet(() ->
                            "%s has no %s, so it is no model folder. Choose the folder that optimum-cli export onnx wrote."
                                    .formatted(source, PipelineIndex.FILE)));
        }
    }

    /** Checks that each network that the pipeline needs has its weights. */
    void requireExported(PipelineIndex index) {
        for (var network : index.networks()) {
            if (!paths.contains(network + "/" + PipelineIndex.WEIGHTS)) {
                var original = network.startsWith("vae_") ? "vae/" : network + "/";
                boolean isPytorch = paths.stream()
                        .anyMatch(path -> path.startsWith(original)
                                && PYTORCH.matcher(path).matches());
                throw refused(
                        isPytorch
                                ? "%s holds PyTorch weights, which cannot be run. Export the model once: %s"
                                        .formatted(source, command(argument))
                                : "%s has no %s/%s. Export or download the model again."
                                        .formatted(source, network, PipelineIndex.WEIGHTS));
            }
        }
    }

    private static boolean isRootCheckpoint(String path) {
        return !path.contains("/") && PYTORCH.matcher(path).matches();
    }

    private static String command(String model) {
        var quoted = quote(model);
        var output = quote(model.replaceFirst("/+$", "").replaceFirst(".*/", "") + "-onnx");
        return "optimum-cli export onnx --model %s --task text-to-image %s - then: ./atelier models add %s"
                .formatted(quoted, output, output);
    }

    private static String quote(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static CommandFailed refused(String message) {
        return new CommandFailed(ExitCode.REFUSED, message);
    }
}
