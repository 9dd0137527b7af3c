package io.atelier.generator.engine.comfyui;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.provider.BlockAlignment;
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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A workflow in ComfyUI's API format, in whose texts places are left: <code>{{prompt}}</code>, <code>{{negative_prompt}}</code>,
 * <code>{{model}}</code>, <code>{{seed}}</code>, <code>{{width}}</code>, <code>{{height}}</code>, <code>{{steps}}</code>,
 * <code>{{guidance}}</code> and <code>{{n}}</code>, or <code>{{steps:20}}</code> with what to take if the request says nothing. A text that is
 * only such a place becomes a number where the value is one. Values go into the parsed tree, so no prompt can break out of its text. With
 * <code>{{n}}</code> one run draws all pictures; without it there is a run for each, with a seed of its own. Immutable.
 */
final class Workflow {

    static final String STANDARD = "classpath:io/atelier/generator/engine/comfyui/standard-workflow.json";

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String CLASSPATH = "classpath:";
    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s*([a-z_]+)\\s*(?::([^{}]*))?}}");
    private static final Set<String> NAMES =
            Set.of("prompt", "negative_prompt", "model", "seed", "width", "height", "steps", "guidance", "n");

    private final JsonNode graph;
    private final Set<String> places = new TreeSet<>();

    private Workflow(JsonNode graph) {
        this.graph = graph;
        collect(graph);
    }

    /**
     * The workflow in a file, or in a resource if the name begins with {@code classpath:}.
     *
     * @param setting what people call the setting
     * @throws IllegalArgumentException if there is none, or if it cannot be used
     */
    static Workflow load(String location, String setting) {
        var workflow = new Workflow(read(location, setting));
        workflow.check(setting);
        return workflow;
    }

    /** What can be told to it: what it has places for. */
    Set<Capability> capabilities() {
        var capabilities = EnumSet.of(Capability.PROGRESS, Capability.CANCEL);
        if (places.contains("width") && places.contains("height")) {
            capabilities.add(Capability.SIZE);
        }
        if (places.contains("seed") && !drawsAllAtOnce()) {
            capabilities.add(Capability.SEED);
        }
        if (places.contains("steps")) {
            capabilities.add(Capability.STEPS);
        }
        if (places.contains("guidance")) {
            capabilities.add(Capability.GUIDANCE);
        }
        if (places.contains("negative_prompt")) {
            capabilities.add(Capability.NEGATIVE_PROMPT);
        }
        return capabilities;
    }

    boolean drawsAllAtOnce() {
        return places.contains("n");
    }

    /**
     * The graph to run.
     *
     * @throws GenerationFailed if it has a place for which there is no value
     */
    JsonNode filled(GenerationRequest request, long seed) {
        return filled(graph, values(request, seed));
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
        values.put("n", request.n());
        return values;
    }

    private static JsonNode filled(JsonNode node, Map<String, @Nullable Object> values) {
        if (node instanceof ObjectNode object) {
            var copy = JsonNodeFactory.instance.objectNode();
            object.forEachEntry((key, value) -> copy.set(key, filled(value, values)));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            var copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(value -> copy.add(filled(value, values)));
            return copy;
        }
        return node.isString() ? filled(node.asString(), values) : node;
    }

    private static JsonNode filled(String text, Map<String, @Nullable Object> values) {
        var whole = PLACE.matcher(text);
        if (whole.matches()) {
            return MAPPER.valueToTree(value(whole.toMatchResult(), values));
        }
        // In one pass: a prompt that looks like a place stays a prompt.
        return JsonNodeFactory.instance.stringNode(PLACE.matcher(text)
                .replaceAll(
                        place -> Matcher.quoteReplacement(value(place, values).toString())));
    }

    private static Object value(MatchResult place, Map<String, @Nullable Object> values) {
        var name = place.group(1);
        var value = values.get(name);
        if (value != null) {
            return value;
        }
        var otherwise = place.group(2);
        if (otherwise == null) {
            throw new GenerationFailed(new Failure(
                    Failure.Code.REQUEST_REJECTED,
                    "The server's workflow needs a value for '%1$s', and neither the request nor the model has one. Say it, or write {{%1$s:...}} into the workflow."
                            .formatted(name)));
        }
        return otherwise.matches("-?\\d+(\\.\\d+)?") ? new BigDecimal(otherwise) : otherwise;
    }

    private void collect(JsonNode node) {
        node.forEach(this::collect);
        if (node.isString()) {
            PLACE.matcher(node.asString()).results().forEach(place -> places.add(place.group(1)));
        }
    }

    private void check(String setting) {
        if (!graph.isObject() || graph.isEmpty()) {
            throw unusable(setting, "it is no JSON object with nodes.", null);
        }
        graph.forEach(node -> {
            if (!node.path("class_type").isString()) {
                throw unusable(
                        setting,
                        "not all that is in it is a node. Save the workflow in ComfyUI by 'Export (API)'.",
                        null);
            }
        });
        if (!places.contains("prompt")) {
            throw unusable(setting, "it has no place for {{prompt}}.", null);
        }
        for (var place : places) {
            if (!NAMES.contains(place)) {
                throw unusable(
                        setting, "nobody knows {{%s}}; there are %s.".formatted(place, new TreeSet<>(NAMES)), null);
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
                    throw unusable(setting, "there is no such resource.", null);
                }
                return MAPPER.readTree(stream);
            }
        } catch (IOException e) {
            throw unusable(setting, "it cannot be read.", e);
        } catch (JacksonException e) {
            throw unusable(setting, "it is no JSON.", e);
        }
    }

    private static IllegalArgumentException unusable(String setting, String why, @Nullable Exception cause) {
        return new IllegalArgumentException("The workflow of %s cannot be used: %s".formatted(setting, why), cause);
    }
}
