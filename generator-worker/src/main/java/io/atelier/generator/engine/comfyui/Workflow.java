package io.atelier.generator.engine.comfyui;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.BlockAlignment;
import io.atelier.messaging.settings.SettingRefused;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A workflow in ComfyUI's API format with placeholders in its strings: <code>{{prompt}}</code>, <code>{{negative_prompt}}</code>,
 * <code>{{model}}</code>, <code>{{seed}}</code>, <code>{{width}}</code>, <code>{{height}}</code>, <code>{{steps}}</code>,
 * <code>{{guidance}}</code>, <code>{{strength}}</code> and <code>{{n}}</code>, or <code>{{steps:20}}</code> with a default for requests without a value. A string that is
 * only a placeholder becomes a number if the value is one. Values are inserted into the parsed tree, so a prompt cannot break out of its string.
 * With <code>{{n}}</code> one run generates all images; without it there is one run per image, each with its own seed.
 * <code>{{image}}</code>, <code>{{image_2}}</code> to <code>{{image_16}}</code> and <code>{{mask}}</code> are the names of uploaded files. Immutable.
 */
final class Workflow {

    static final String STANDARD = "classpath:io/atelier/generator/engine/comfyui/standard-workflow.json";

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String CLASSPATH = "classpath:";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([a-z][a-z_0-9]*)\\s*(?::([^{}]*))?}}");
    private static final String STRENGTH = "strength";
    private static final Set<String> VALUES =
            Set.of("prompt", "negative_prompt", "model", "seed", "width", "height", "steps", "guidance", STRENGTH, "n");
    private static final Set<String> KNOWN_NAMES = knownNames();

    private final JsonNode graph;
    private final Set<String> placeholders = new TreeSet<>();

    private Workflow(JsonNode graph) {
        this.graph = graph;
        collect(graph);
    }

    /**
     * The workflow in a file, or in a resource if the name begins with {@code classpath:}.
     *
     * @param setting the name of the setting, for error messages
     * @throws IllegalArgumentException if the file or resource is missing or is no usable workflow
     */
    static Workflow load(String location, String setting) {
        var workflow = new Workflow(read(location, setting));
        workflow.check(setting);
        return workflow;
    }

    /** The parameters that have placeholders; progress and cancellation are always supported. */
    Set<Capability> capabilities() {
        var capabilities = EnumSet.of(Capability.PROGRESS, Capability.CANCEL);
        if (placeholders.contains("width") && placeholders.contains("height")) {
            capabilities.add(Capability.SIZE);
        }
        if (placeholders.contains("seed") && !makesAllImagesInOneRun()) {
            capabilities.add(Capability.SEED);
        }
        if (placeholders.contains("steps")) {
            capabilities.add(Capability.STEPS);
        }
        if (placeholders.contains("guidance")) {
            capabilities.add(Capability.GUIDANCE);
        }
        if (placeholders.contains("negative_prompt")) {
            capabilities.add(Capability.NEGATIVE_PROMPT);
        }
        if (maxSources() > 0) {
            capabilities.add(Capability.EDIT);
        }
        if (placeholders.contains(WorkflowFiles.MASK)) {
            capabilities.add(Capability.MASK);
        }
        if (placeholders.contains(STRENGTH)) {
            capabilities.add(Capability.STRENGTH);
        }
        return capabilities;
    }

    /** Whether the workflow has the placeholder <code>{{n}}</code>. */
    boolean makesAllImagesInOneRun() {
        return placeholders.contains("n");
    }

    /** The number of source images that the workflow loads; 0 if it generates new images only. */
    int maxSources() {
        return (int) IntStream.range(0, GenerationRequest.MAX_IMAGES)
                .filter(index -> placeholders.contains(WorkflowFiles.placeholder(index)))
                .count();
    }

    /**
     * The graph with the values of the request.
     *
     * @param files the server's names of the uploaded files, by placeholder
     * @throws GenerationFailed if a placeholder has neither a value nor a default
     */
    JsonNode fill(GenerationRequest request, long seed, Map<String, String> files) {
        var values = values(request, seed);
        values.putAll(files);
        return fill(graph, values);
    }

    private static Set<String> knownNames() {
        var names = new TreeSet<>(VALUES);
        names.add(WorkflowFiles.MASK);
        IntStream.range(0, GenerationRequest.MAX_IMAGES)
                .mapToObj(WorkflowFiles::placeholder)
                .forEach(names::add);
        return names;
    }

    private static Map<String, @Nullable Object> values(GenerationRequest request, long seed) {
        var size = BlockAlignment.covering(request.size());
        var values = new HashMap<String, @Nullable Object>();
        values.put("prompt", request.prompt());
        values.put("negative_prompt", request.negativePrompt() == null ? "" : request.negativePrompt());
        values.put("model", request.engineModel());
        values.put("seed", seed);
        values.put("width", size.width());
        values.put("height", size.height());
        values.put("steps", request.steps());
        values.put("guidance", request.guidanceScale());
        values.put(STRENGTH, request.strength());
        values.put("n", request.n());
        return values;
    }

    private static JsonNode fill(JsonNode node, Map<String, @Nullable Object> values) {
        if (node instanceof ObjectNode object) {
            var copy = JsonNodeFactory.instance.objectNode();
            object.forEachEntry((key, value) -> copy.set(key, fill(value, values)));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            var copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(value -> copy.add(fill(value, values)));
            return copy;
        }
        return node.isString() ? fill(node.asString(), values) : node;
    }

    private static JsonNode fill(String text, Map<String, @Nullable Object> values) {
        var whole = PLACEHOLDER.matcher(text);
        if (whole.matches()) {
            return MAPPER.valueToTree(value(whole.toMatchResult(), values));
        }
        // In one pass, so that placeholders within a prompt are not replaced.
        return JsonNodeFactory.instance.stringNode(PLACEHOLDER
                .matcher(text)
                .replaceAll(
                        match -> Matcher.quoteReplacement(value(match, values).toString())));
    }

    /** The placeholder's value, or its default. */
    private static Object value(MatchResult placeholder, Map<String, @Nullable Object> values) {
        var name = placeholder.group(1);
        var value = values.get(name);
        if (value != null) {
            return value;
        }
        var defaultValue = placeholder.group(2);
        if (defaultValue == null) {
            throw new GenerationFailed(new Failure(
                    Failure.Code.REQUEST_REJECTED,
                    "The server's workflow needs a value for '%1$s', and neither the request nor the model has one. Add it to the request, or write a default into the workflow: {{%1$s:...}}."
                            .formatted(name)));
        }
        return defaultValue.matches("-?\\d+(\\.\\d+)?") ? new BigDecimal(defaultValue) : defaultValue;
    }

    private void collect(JsonNode node) {
        node.forEach(this::collect);
        if (node.isString()) {
            PLACEHOLDER.matcher(node.asString()).results().forEach(match -> placeholders.add(match.group(1)));
        }
    }

    private void check(String setting) {
        if (!graph.isObject() || graph.isEmpty()) {
            throw unusable(setting, "it is not a JSON object with nodes.", null);
        }
        graph.forEach(node -> {
            if (!node.path("class_type").isString()) {
                throw unusable(
                        setting,
                        "a member is not a node (class_type is missing). Save the workflow in ComfyUI by 'Export"
                                + " (API)'.",
                        null);
            }
        });
        if (!placeholders.contains("prompt")) {
            throw unusable(setting, "it has no placeholder {{prompt}}.", null);
        }
        for (var placeholder : placeholders) {
            if (!KNOWN_NAMES.contains(placeholder)) {
                throw unusable(
                        setting,
                        "the placeholder {{%s}} is unknown; allowed are %s."
                                .formatted(placeholder, new TreeSet<>(KNOWN_NAMES)),
                        null);
            }
        }
    }

    private static JsonNode read(String location, String setting) {
        try {
            if (!location.startsWith(CLASSPATH)) {
                return MAPPER.readTree(Files.readAllBytes(Path.of(location)));
            }
            var resource = location.substring(CLASSPATH.length());
            try (var stream = Workflow.class.getClassLoader().getResourceAsStream(resource)) {
                if (stream == null) {
                    throw unusable(setting, "the resource does not exist.", null);
                }
                return MAPPER.readTree(stream);
            }
        } catch (IOException e) {
            throw unusable(setting, "it cannot be read.", e);
        } catch (JacksonException e) {
            throw unusable(setting, "it is not JSON.", e);
        }
    }

    private static SettingRefused unusable(String setting, String reason, @Nullable Exception cause) {
        return new SettingRefused("The workflow of %s cannot be used: %s".formatted(setting, reason), cause);
    }
}
