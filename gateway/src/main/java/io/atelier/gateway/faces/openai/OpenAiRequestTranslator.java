package io.atelier.gateway.faces.openai;

import io.atelier.gateway.api.request.GenerationForm;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Translates requests of OpenAI's images API. This gateway's own fields are taken too; other unknown ones are ignored with a warning. It checks only
 * what this API has of its own: all else is left to the reader of this gateway's own requests. Thread-safe.
 */
final class OpenAiRequestTranslator {

    /** The labels that keep what clients say about their users. */
    static final String USER_LABEL = "openai.user";

    static final String SAFETY_LABEL = "openai.safety_identifier";

    /** The labels by the parameters that they keep. */
    static final Map<String, String> LABELS = Map.of("user", USER_LABEL, "safety_identifier", SAFETY_LABEL);

    private static final int MAX_N = 10;
    private static final int MAX_LABEL = 256;
    private static final List<BigDecimal> PARTIAL_IMAGES =
            Stream.of(0, 1, 2, 3).map(BigDecimal::valueOf).toList();
    private static final Set<String> OWN_NAMES = Set.of(
            "stream",
            "partial_images",
            "response_format",
            "output_format",
            "output_compression",
            "background",
            "quality",
            "moderation",
            "input_fidelity",
            "images",
            "mask",
            "user",
            "safety_identifier");

    /** Parameters that are taken and have no effect here. */
    private static final Set<String> IGNORED = Set.of("style", "complexity");

    /** Parameters of what this gateway does not make. */
    private static final Map<String, String> REFUSED = Map.of(
            "svg", "Images are written as 'png' or 'jpeg', never as SVG. Leave it out.",
            "markup", "No model here takes a drawing over the image. Leave it out, or send a mask.",
            "frame_count", "Images are not animated. Leave it out.",
            "frame_duration_ms", "Images are not animated. Leave it out.");

    private final Catalogue catalogue;
    private final JsonMapper json;

    OpenAiRequestTranslator(Catalogue catalogue, JsonMapper json) {
        this.catalogue = catalogue;
        this.json = json;
    }

    /** Why the parameter is refused, whatever its value is. */
    static String refusal(String parameter) {
        return REFUSED.getOrDefault(parameter, "");
    }

    /**
     * Translates a body.
     *
     * @param isEdit whether the request must have images to change
     * @throws io.atelier.gateway.api.problem.Problem with all parameters that are wrong
     */
    OpenAiRequest translate(JsonNode body, boolean isEdit) {
        var errors = new ParameterErrors();
        if (!body.isObject()) {
            errors.invalid("", "Must be a JSON object.");
            errors.throwIfAny();
        }
        return new Translation(body, errors).run(isEdit);
    }

    /** The translation of one body. */
    private final class Translation {

        private final ParameterBody body;
        private final JsonNode from;
        private final ObjectNode to;
        private final ParameterErrors errors;
        private final @Nullable Model model;

        Translation(JsonNode from, ParameterErrors errors) {
            this.body = new ParameterBody(from, json.createObjectNode(), errors);
            this.from = from;
            this.to = body.to();
            this.errors = errors;
            this.model =
                    catalogue.find(from.path("model").asString(Catalogue.AUTO)).orElse(null);
        }

        OpenAiRequest run(boolean isEdit) {
            copyOwnFields();
            checkN();
            new OutputParameters(body, model).translate();
            var quality = quality();
            option("moderation", model == null || !model.options().moderation().isEmpty());
            option(
                    "input_fidelity",
                    model == null || !model.options().inputFidelity().isEmpty());
            images(isEdit);
            labels();
            boolean isStreamed = body.flag("stream");
            partialImages();
            boolean isUrl = isUrl(isStreamed);
            errors.throwIfAny();
            return new OpenAiRequest(to, body.places(), isStreamed, isUrl, quality, body.warnings());
        }

        /** Copies what has the same name and meaning in both APIs, or is only this gateway's. */
        private void copyOwnFields() {
            var known = GenerationForm.fieldNames();
            for (var name : from.propertyNames()) {
                if (OWN_NAMES.contains(name) || body.isAbsent(name)) {
                    continue;
                }
                var refusal = REFUSED.get(name);
                if (refusal != null) {
                    errors.unsupported(name, refusal);
                } else if (known.contains(name)) {
                    to.set(name, from.get(name));
                } else {
                    body.ignore(
                            name,
                            IGNORED.contains(name)
                                    ? "No model here has this parameter."
                                    : "There is no such parameter.");
                }
            }
        }

        private void checkN() {
            var n = from.path("n");
            int max = model == null ? MAX_N : Math.min(MAX_N, model.maxImages());
            boolean isValid = body.isAbsent("n")
                    || (n.isNumber()
                            && n.decimalValue().compareTo(BigDecimal.ONE) >= 0
                            && n.decimalValue().compareTo(BigDecimal.valueOf(max)) <= 0
                            && n.decimalValue().stripTrailingZeros().scale() <= 0);
            if (!isValid) {
                errors.invalid("n", "Must be a whole number from 1 to %d.".formatted(max));
            }
        }

        /** The quality that the client named; null if it named none. */
        private @Nullable String quality() {
            var word = body.text("quality");
            if (word == null) {
                return null;
            }
            var preset = QualityPreset.of(word);
            if (preset == null) {
                errors.unsupported("quality", "Must be one of %s.".formatted(QualityPreset.words()));
            } else if (model == null) {
                return word;
            } else if (!model.options().quality().isEmpty()) {
                if (model.options().quality().contains(preset.word())) {
                    to.put("quality", preset.word());
                } else {
                    errors.unsupported(
                            "quality",
                            "Must be one of %s for the model '%s'."
                                    .formatted(String.join(", ", model.options().quality()), model.id()));
                }
            } else if (model.steps() != null && body.isAbsent("steps")) {
                preset.steps(model.steps()).ifPresent(steps -> to.put("steps", steps));
            } else if (preset != QualityPreset.AUTO) {
                body.ignore("quality", "The model '%s' has no levels of quality.".formatted(model.id()));
            }
            return word;
        }

        private void option(String name, boolean hasModel) {
            if (body.isAbsent(name)) {
                return;
            }
            if (hasModel) {
                to.set(name, from.get(name));
            } else {
                body.ignore(name, "The model '%s' does not have it.".formatted(model == null ? "" : model.id()));
            }
        }

        private void images(boolean isEdit) {
            if (!body.isAbsent("images")) {
                var images = from.get("images");
                to.set("images", images);
                if (images.isArray()) {
                    var copies = json.createArrayNode();
                    for (int i = 0; i < images.size(); i++) {
                        copies.add(image(images.get(i), "/images/" + i));
                    }
                    to.set("images", copies);
                }
            } else if (isEdit) {
                errors.invalid("images", "Is missing: give the images to change, each with file_id or image_url.");
            }
            if (!body.isAbsent("mask")) {
                to.set("mask", image(from.get("mask"), "/mask"));
            }
        }

        /** The image with its data URL, if it is one, under the name that this gateway has for it. */
        private JsonNode image(JsonNode image, String place) {
            if (!image.isObject() || !image.path("image_url").asString("").startsWith("data:")) {
                return image;
            }
            var copy = ((ObjectNode) image).deepCopy();
            copy.set("data_url", copy.remove("image_url"));
            body.places().put(place + "/data_url", place + "/image_url");
            return copy;
        }

        private void labels() {
            LABELS.forEach((name, label) -> {
                var value = body.text(name);
                if (value == null || value.isEmpty()) {
                    return;
                }
                if (value.codePointCount(0, value.length()) > MAX_LABEL) {
                    errors.invalid(name, "Must have at most %d characters.".formatted(MAX_LABEL));
                    return;
                }
                var labels = to.path("labels").isObject()
                        ? ((ObjectNode) to.get("labels")).deepCopy()
                        : json.createObjectNode();
                labels.put(label, value);
                to.set("labels", labels);
                body.places().put("/labels/" + label, "/" + name);
            });
        }

        private void partialImages() {
            var count = from.path("partial_images");
            boolean isValid = body.isAbsent("partial_images")
                    || (count.isNumber()
                            && PARTIAL_IMAGES.stream().anyMatch(n -> n.compareTo(count.decimalValue()) == 0));
            if (!isValid) {
                errors.invalid("partial_images", "Must be 0, 1, 2 or 3.");
            }
        }

        private boolean isUrl(boolean isStreamed) {
            var word = body.text("response_format");
            if (word != null && !word.equals("b64_json") && !word.equals("url")) {
                errors.invalid("response_format", "Must be 'b64_json' or 'url'.");
            }
            boolean isUrl = "url".equals(word);
            if (isUrl && isStreamed) {
                errors.unsupported("response_format", "Must be 'b64_json' in a stream, or left out.");
            }
            return isUrl;
        }
    }
}
