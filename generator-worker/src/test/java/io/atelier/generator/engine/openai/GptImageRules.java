package io.atelier.generator.engine.openai;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What OpenAI refuses for its models of the family {@code gpt-image}, by its reference of the images API (2026-11): parameters, their values and
 * sizes by model, with the messages that users of the API report.
 */
final class GptImageRules {

    private static final Pattern SIZE = Pattern.compile("(\\d+)x(\\d+)");
    private static final Set<String> FIXED_SIZES = Set.of("1024x1024", "1536x1024", "1024x1536");
    private static final Set<String> PARAMETERS = Set.of(
            "prompt",
            "model",
            "n",
            "size",
            "quality",
            "background",
            "output_format",
            "output_compression",
            "moderation",
            "stream",
            "partial_images",
            "user");

    private GptImageRules() {}

    /**
     * A refusal.
     *
     * @param status the HTTP status
     */
    record Refused(int status, String message, String code) {}

    /** Why the request is refused; empty if it is answered. */
    static Optional<Refused> refusal(Map<String, String> fields, boolean edits) {
        var model = fields.getOrDefault("model", "");
        if (model.equals("gpt-image-1") || model.startsWith("dall-e")) {
            return Optional.of(
                    new Refused(404, "The model `%s` has been deprecated.".formatted(model), "model_not_found"));
        }
        return Stream.of(
                        unknown(fields, edits),
                        size(fields.getOrDefault("size", "auto"), !model.startsWith("gpt-image-1")),
                        quality(fields.getOrDefault("quality", "auto"), model),
                        inputFidelity(fields.get("input_fidelity"), model),
                        background(fields))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Refused> unknown(Map<String, String> fields, boolean edits) {
        return fields.keySet().stream()
                .filter(name -> !PARAMETERS.contains(name) && !(edits && name.equals("input_fidelity")))
                .findFirst()
                .map(name -> new Refused(400, "Unknown parameter: '%s'.".formatted(name), "unknown_parameter"));
    }

    private static Optional<Refused> size(String text, boolean free) {
        if (text.equals("auto") || (!free && FIXED_SIZES.contains(text))) {
            return Optional.empty();
        }
        var sides = SIZE.matcher(text);
        if (!free || !sides.matches()) {
            return Optional.of(new Refused(400, "Invalid size '%s'.".formatted(text), "invalid_value"));
        }
        long width = Long.parseLong(sides.group(1));
        long height = Long.parseLong(sides.group(2));
        long pixels = width * height;
        var problem = width % 16 != 0 || height % 16 != 0
                ? "Width and height must both be divisible by 16."
                : Math.max(width, height) > 3 * Math.min(width, height)
                        ? "The aspect ratio must be between 1:3 and 3:1."
                        : Math.max(width, height) > 3840
                                ? "The longest edge must be at most 3840."
                                : pixels < 655_360 || pixels > 8_294_400
                                        ? "The number of pixels must be between 655360 and 8294400."
                                        : "";
        return problem.isEmpty()
                ? Optional.empty()
                : Optional.of(new Refused(400, "Invalid size '%s'. %s".formatted(text, problem), "invalid_value"));
    }

    private static Optional<Refused> quality(String word, String model) {
        boolean isNew = model.startsWith("gpt-image-2.");
        return Set.of("auto", "low", "medium", "high").contains(word)
                        || (isNew && Set.of("xhigh", "max").contains(word))
                ? Optional.empty()
                : Optional.of(new Refused(400, "Invalid value: '%s'.".formatted(word), "invalid_value"));
    }

    private static Optional<Refused> inputFidelity(@Nullable String word, String model) {
        if (word == null) {
            return Optional.empty();
        }
        return model.startsWith("gpt-image-1.5") || (model.equals("gpt-image-1-mini") && word.equals("low"))
                ? Optional.empty()
                : Optional.of(new Refused(
                        400,
                        "The model '%s' does not support the 'input_fidelity' parameter.".formatted(model),
                        "invalid_input_fidelity_model"));
    }

    private static Optional<Refused> background(Map<String, String> fields) {
        return "transparent".equals(fields.get("background")) && "jpeg".equals(fields.get("output_format"))
                ? Optional.of(new Refused(
                        400, "Transparent background is not supported for JPEG output format.", "invalid_value"))
                : Optional.empty();
    }
}
