package io.atelier.standalone.models.source;

import io.atelier.generator.engine.diffusion.pipeline.model.PipelineFamily;
import io.atelier.standalone.console.CommandFailed;
import io.atelier.standalone.console.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files that a pipeline consists of, by its {@code model_index.json}.
 *
 * @param networks the folders of the networks that it cannot run without, the one that denoises first
 * @param optionalNetworks the folders of those that it can use
 * @param tokenizers the folders of its tokenizers
 */
public record PipelineIndex(
        PipelineFamily family, List<String> networks, List<String> optionalNetworks, List<String> tokenizers) {

    /** The name of the file. */
    public static final String FILE = "model_index.json";

    static final int MAX_BYTES = 4 << 20;
    static final String WEIGHTS = "model.onnx";

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> ROOT_FILES = Set.of(FILE, "README.md", "LICENSE", "LICENSE.md", "LICENSE.txt");
    private static final Pattern TOKENIZER_FILE = Pattern.compile("[^.].*\\.(json|txt|model)");

    /** Weights of other programs, and what describes them. */
    private static final Pattern FOREIGN_FILE = Pattern.compile(
            "(?i)\\..*|.*\\.(safetensors|bin|pt|pth|ckpt|msgpack|h5|xml|gguf|md|py|png|jpe?g|index\\.json)");

    /** Weights for ONNX Runtime under another name, such as {@code model_fp16.onnx}, and their external data. */
    private static final Pattern OTHER_WEIGHTS = Pattern.compile("(?!model\\.onnx).*\\.onnx([._]data.*)?");

    public PipelineIndex {
        networks = List.copyOf(networks);
        optionalNetworks = List.copyOf(optionalNetworks);
        tokenizers = List.copyOf(tokenizers);
    }

    /**
     * Reads the file.
     *
     * @param text its content
     * @throws CommandFailed if it is damaged, or names a pipeline that is not supported
     */
    static PipelineIndex parse(String text) {
        var json = json(text);
        var className = json.path("_class_name").asString("");
        var family = PipelineFamily.of(className)
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.REFUSED,
                        className.isEmpty()
                                ? FILE + " names no pipeline. Export or download the model again."
                                : "The pipeline %s is not supported. Supported are %s."
                                        .formatted(className, PipelineFamily.supportedClasses())));
        var networks = new ArrayList<String>();
        networks.add(family.denoiser());
        networks.addAll(family.textEncoders());
        networks.add("vae_decoder");
        var tokenizers = new ArrayList<>(family.tokenizers());
        if (isDeclared(json.path("text_encoder_3"))) {
            networks.add("text_encoder_3");
            tokenizers.add("tokenizer_3");
        }
        return new PipelineIndex(family, networks, List.of("vae_encoder"), tokenizers);
    }

    /** Whether the pipeline needs a file of its folder. */
    public boolean needs(String path) {
        int slash = path.indexOf('/');
        if (slash < 0) {
            return ROOT_FILES.contains(path);
        }
        var folder = path.substring(0, slash);
        var file = path.substring(slash + 1);
        if (file.contains("/")) {
            return false;
        }
        if (folder.equals("scheduler")) {
            return file.equals("scheduler_config.json");
        }
        return tokenizers.contains(folder)
                ? TOKENIZER_FILE.matcher(file).matches()
                : isNetwork(folder)
                        && !FOREIGN_FILE.matcher(file).matches()
                        && !OTHER_WEIGHTS.matcher(file).matches();
    }

    /** Whether a needed file holds weights of a network. */
    boolean isWeights(String path) {
        int slash = path.indexOf('/');
        return slash > 0 && isNetwork(path.substring(0, slash)) && !path.endsWith(".json");
    }

    private boolean isNetwork(String folder) {
        return networks.contains(folder) || optionalNetworks.contains(folder);
    }

    private static boolean isDeclared(JsonNode component) {
        return component.isArray() && component.path(1).isString();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new CommandFailed(ExitCode.REFUSED, FILE + " is no JSON. Export or download the model again.");
        }
    }
}
