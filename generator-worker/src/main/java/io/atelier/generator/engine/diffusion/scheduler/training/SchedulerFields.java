package io.atelier.generator.engine.diffusion.scheduler.training;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.FileFailure;
import io.atelier.generator.engine.GenerationFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a {@code scheduler_config.json}. Fields that are missing or null have the default that the reader gives, because defaults
 * differ between diffusers' classes. Immutable.
 */
public final class SchedulerFields {

    /** Python writes infinite numbers as bare words, which JSON does not have. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final String file;
    private final ObjectNode root;
    private final boolean requested;

    private SchedulerFields(String file, ObjectNode root, boolean requested) {
        this.file = file;
        this.root = root;
        this.requested = requested;
    }

    /**
     * Reads the file.
     *
     * @throws GenerationFailed if it is missing, is not a JSON object or cannot be read
     */
    public static SchedulerFields read(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw FileFailure.of("The scheduler file " + file, e, "Restore the file, or export the model again.");
        }
    }

    /**
     * Parses the text of a file.
     *
     * @param file its name, for messages
     * @throws GenerationFailed if it is not a JSON object
     */
    public static SchedulerFields parse(String file, String json) {
        try {
            if (JSON.readTree(json) instanceof ObjectNode root) {
                return new SchedulerFields(file, root, false);
            }
        } catch (JacksonException e) {
            throw unusable(
                    "The scheduler file %s is not valid JSON: %s. Restore the file, or export the model again."
                            .formatted(file, e.getOriginalMessage()),
                    e);
        }
        throw unusable(
                "The scheduler file %s must hold a JSON object. Restore the file, or export the model again."
                        .formatted(file),
                null);
    }

    /** The same fields, but with another value for one. */
    public SchedulerFields with(String field, boolean value) {
        return new SchedulerFields(file, root.deepCopy().put(field, value), requested);
    }

    /** The same fields for a method that a request names: a failure says that another can help. */
    public SchedulerFields ofRequest() {
        return new SchedulerFields(file, root, true);
    }

    public boolean has(String field) {
        return root.hasNonNull(field);
    }

    public String text(String field, String missing) {
        return has(field) ? checked(field, JsonNode::isString, "a text").stringValue() : missing;
    }

    public boolean flag(String field, boolean missing) {
        return has(field) ? checked(field, JsonNode::isBoolean, "true or false").booleanValue() : missing;
    }

    public int integer(String field, int missing) {
        return has(field)
                ? checked(field, JsonNode::canConvertToInt, "an integer").intValue()
                : missing;
    }

    public double number(String field, double missing) {
        return has(field) ? checked(field, JsonNode::isNumber, "a number").doubleValue() : missing;
    }

    /** A list of numbers; empty if the field is missing. */
    public List<Double> numbers(String field) {
        if (!has(field)) {
            return List.of();
        }
        return checked(field, JsonNode::isArray, "a list of numbers")
                .valueStream()
                .map(JsonNode::asDouble)
                .toList();
    }

    /** One of the constants of an enum, written in lower case. */
    public <E extends Enum<E>> E choice(String field, E missing) {
        String text = text(field, "");
        if (text.isEmpty()) {
            return missing;
        }
        var constants = List.of(missing.getDeclaringClass().getEnumConstants());
        return constants.stream()
                .filter(constant -> word(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> unsupported(
                        field,
                        text,
                        constants.stream().map(SchedulerFields::word).toList()));
    }

    /**
     * Checks that a setting that is not supported is switched off.
     *
     * @throws GenerationFailed if it is true
     */
    public void requireFalse(String... fields) {
        for (var field : fields) {
            if (flag(field, false)) {
                throw unsupported(field, "true", List.of("false"));
            }
        }
    }

    /**
     * Checks a setting of which only some values are supported.
     *
     * @param allowed the first is the default
     * @throws GenerationFailed if it has another value
     */
    public String requireOneOf(String field, List<String> allowed) {
        String text = text(field, allowed.get(0));
        if (!allowed.contains(text)) {
            throw unsupported(field, text, allowed);
        }
        return text;
    }

    /** A failure that names the file, a field, its value and the values that work. */
    public GenerationFailed unsupported(String field, Object value, List<String> allowed) {
        return unusable(
                "The scheduler file %s has %s %s, which is not supported; allowed: %s. %s"
                        .formatted(
                                file,
                                field,
                                value,
                                String.join(", ", allowed),
                                requested ? "Change the file, or request another scheduler." : "Change the file."),
                null);
    }

    /** A failure that names the file and a field that every such file has. */
    public GenerationFailed missing(String field) {
        return unusable(
                "The scheduler file %s has no %s. Restore the file, or export the model again.".formatted(file, field),
                null);
    }

    private JsonNode checked(String field, Predicate<JsonNode> type, String expected) {
        var node = root.get(field);
        if (!type.test(node)) {
            throw unsupported(field, node, List.of(expected));
        }
        return node;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static GenerationFailed unusable(String message, @Nullable Throwable cause) {
        return new GenerationFailed(new Failure(Failure.Code.NOT_CONFIGURED, message), cause);
    }
}
