package io.atelier.gateway.faces.openai;

import io.atelier.contract.job.Job;
import io.atelier.gateway.api.request.GenerationForm;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    static final Map<String, String> ECHOED =
            Map.of("user", "openai.user", "safety_identifier", "openai.safety_identifier");

    private static final int MAX_N = 10;
    private static final int MAX_LABEL = 256;
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
    private static final Set<String> IGNORED = Set.of("style", "complexity", "metadata");

    private final Catalogue catalogue;
    private final JsonMapper json;

    OpenAiRequestTranslator(Catalogue catalogue, JsonMapper json) {
        this.catalogue = catalogue;
        this.json = json;
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

        private final JsonNode from;
        private final ParameterErrors errors;
        private final ObjectNode to = json.createObjectNode();
        private final Map<String, String> places = new HashMap<>();
        private final List<Job.Warning> warnings = new ArrayList<>();
        private final @Nullable Model model;

        Translation(JsonNode from, ParameterErrors errors) {
            this.from = from;
            this.errors = errors;
            this.model =
                    catalogue.find(from.path("model").asString(Catalogue.AUTO)).orElse(null);
        }

        OpenAiRequest run(boolean isEdit) {
            copyOwnFields();
            checkN();
            output();
            var quality = quality();
            option("moderation", model == null || !model.options().moderation().isEmpty());
            option(
                    "input_fidelity",
                    model == null || !model.options().inputFidelity().isEmpty());
            images(isEdit);
            labels();
            boolean isStreamed = flag("stream");
            partialImages();
            boolean isUrl = isUrl(isStreamed);
            errors.throwIfAny();
            return new OpenAiRequest(to, places, isStreamed, isUrl, quality, warnings);
        }

        /** Copies what has the same name and meaning in both APIs, or is only this gateway's. */
        private void copyOwnFields() {
            var known = GenerationForm.fieldNames();
            for (var name : from.propertyNames()) {
                if (OWN_NAMES.contains(name) || isAbsent(name)) {
                    continue;
                }
                if (known.contains(name)) {
                    to.set(name, from.get(name));
                } else {
                    ignore(
                            name,
                            IGNORED.contains(name)
                                    ? "No model here has this parameter."
                                    : "There is no such parameter.");
                }
            }
        }

        private void checkN() {
            var n = from.path("n");
            if (n.isNumber() && n.decimalValue().doubleValue() > MAX_N) {
                errors.invalid("n", "Must be from 1 to %d.".formatted(MAX_N));
            }
        }

        private void output() {
            var output = from.path("output").isObject()
                    ? ((ObjectNode) from.get("output")).deepCopy()
                    : json.createObjectNode();
            boolean isJpeg = format(output);
            compression(output, isJpeg);
            background(output, isJpeg);
            if (!output.isEmpty()) {
                to.set("output", output);
            }
        }

        /** Whether it is JPEG. */
        private boolean format(ObjectNode output) {
            var word = text("output_format");
            if (word == null) {
                return output.path("format").asString("").equals("jpeg");
            }
            switch (word) {
                case "png", "jpeg" -> set(output, "/output/format", "output_format", "format");
                case "jpg" -> errors.unsupported("output_format", "Must be 'png' or 'jpeg'; write 'jpeg' for 'jpg'.");
                default ->
                    errors.unsupported(
                            "output_format",
                            "Must be 'png' or 'jpeg'; images are not written as '%s'.".formatted(shortened(word)));
            }
            return word.equals("jpeg");
        }

        private void compression(ObjectNode output, boolean isJpeg) {
            var value = from.path("output_compression");
            // It is what OpenAI's API has by default, also for PNG.
            boolean isDefault = value.isNumber() && value.decimalValue().doubleValue() == 100 && !isJpeg;
            if (!isAbsent("output_compression") && !isDefault) {
                set(output, "/output/compression", "output_compression", "compression");
            }
        }

        private void background(ObjectNode output, boolean isJpeg) {
            var word = text("background");
            if (word == null) {
                return;
            }
            if (!Set.of("auto", "opaque", "transparent").contains(word)) {
                errors.invalid("background", "Must be 'auto', 'opaque' or 'transparent'.");
            } else if (model != null && !model.options().background().isEmpty()) {
                if (word.equals("transparent") && !model.options().background().contains(word)) {
                    errors.unsupported("background", withoutTransparency());
                } else if (word.equals("transparent") && isJpeg) {
                    errors.unsupported("background", "JPEG files have no transparency. Set output_format to 'png'.");
                } else {
                    set(output, "/output/background", "background", "background");
                }
            } else if (word.equals("transparent")) {
                errors.unsupported("background", withoutTransparency());
            }
        }

        private String withoutTransparency() {
            return "The model '%s' makes opaque images only. Leave it out, or name another model."
                    .formatted(model == null ? "" : model.id());
        }

        /** The quality that the client named; null if it named none. */
        private @Nullable String quality() {
            var word = text("quality");
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
            } else if (model.steps() != null && isAbsent("steps")) {
                preset.steps(model.steps()).ifPresent(steps -> to.put("steps", steps));
            } else if (preset != QualityPreset.AUTO) {
                ignore("quality", "The model '%s' has no levels of quality.".formatted(model.id()));
            }
            return word;
        }

        private void option(String name, boolean hasModel) {
            if (isAbsent(name)) {
                return;
            }
            if (hasModel) {
                to.set(name, from.get(name));
            } else {
                ignore(name, "The model '%s' does not have it.".formatted(model == null ? "" : model.id()));
            }
        }

        private void images(boolean isEdit) {
            if (!isAbsent("images")) {
                var images = from.get("images");
                to.set("images", images);
                if (images.isArray()) {
                    var copies = json.createArrayNode();
                    images.forEach(image -> copies.add(image(image)));
                    to.set("images", copies);
                }
            } else if (isEdit) {
                errors.invalid("images", "Is missing: give the images to change, each with file_id or image_url.");
            }
            if (!isAbsent("mask")) {
                to.set("mask", image(from.get("mask")));
            }
        }

        /** The image with its data URL, if it is one, under the name that this gateway has for it. */
        private JsonNode image(JsonNode image) {
            if (!image.isObject() || !image.path("image_url").asString("").startsWith("data:")) {
                return image;
            }
            var copy = ((ObjectNode) image).deepCopy();
            copy.set("data_url", copy.remove("image_url"));
            return copy;
        }

        private void labels() {
            ECHOED.forEach((name, label) -> {
                var value = text(name);
                if (value == null) {
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
                places.put("/labels/" + label, "/" + name);
            });
        }

        private void partialImages() {
            var count = from.path("partial_images");
            boolean isValid = isAbsent("partial_images")
                    || (count.isNumber() && Set.of(0.0, 1.0, 2.0, 3.0).contains(count.doubleValue()));
            if (!isValid) {
                errors.invalid("partial_images", "Must be from 0 to 3.");
            }
        }

        private boolean isUrl(boolean isStreamed) {
            var word = text("response_format");
            if (word != null && !word.equals("b64_json") && !word.equals("url")) {
                errors.invalid("response_format", "Must be 'b64_json' or 'url'.");
            }
            boolean isUrl = "url".equals(word);
            if (isUrl && isStreamed) {
                errors.unsupported("response_format", "Must be 'b64_json' in a stream, or left out.");
            }
            return isUrl;
        }

        private boolean flag(String name) {
            var value = from.path(name);
            if (!isAbsent(name) && !value.isBoolean()) {
                errors.invalid(name, "Must be true or false.");
            }
            return value.isBoolean() && value.booleanValue();
        }

        /** A text; null if it is absent, and after an error. */
        private @Nullable String text(String name) {
            if (isAbsent(name)) {
                return null;
            }
            var value = from.get(name);
            if (!value.isString()) {
                errors.invalid(name, "Must be a text.");
                return null;
            }
            return value.stringValue();
        }

        private boolean isAbsent(String name) {
            return from.path(name).isMissingNode() || from.path(name).isNull();
        }

        private void set(ObjectNode object, String place, String name, String ownName) {
            object.set(ownName, from.get(name));
            places.put(place, "/" + name);
        }

        private void ignore(String name, String reason) {
            warnings.add(new Job.Warning(
                    "parameter-ignored",
                    "The parameter '%s' has no effect. %s".formatted(shortened(name), reason),
                    null));
        }
    }

    private static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "...";
    }
}
