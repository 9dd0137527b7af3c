package io.atelier.gateway.faces.openai;

import io.atelier.gateway.view.models.Model;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Translates the parameters of the files that the images are written to. Not thread-safe. */
final class OutputParameters {

    private final ParameterBody body;
    private final @Nullable Model model;

    OutputParameters(ParameterBody body, @Nullable Model model) {
        this.body = body;
        this.model = model;
    }

    /** Adds the field {@code output} if the request says anything of it. */
    void translate() {
        var output = body.from().path("output").isObject()
                ? ((ObjectNode) body.from().get("output")).deepCopy()
                : JsonNodeFactory.instance.objectNode();
        boolean isJpeg = format(output);
        compression(output, isJpeg);
        background(output, isJpeg);
        if (!output.isEmpty()) {
            body.to().set("output", output);
        }
    }

    /** Whether it is JPEG. */
    private boolean format(ObjectNode output) {
        var word = body.text("output_format");
        if (word == null) {
            return output.path("format").asString("").equals("jpeg");
        }
        switch (word) {
            case "png", "jpeg" -> body.set(output, "/output/format", "output_format", "format");
            case "jpg" ->
                body.errors().unsupported("output_format", "Must be 'png' or 'jpeg'; write 'jpeg' for 'jpg'.");
            default ->
                body.errors()
                        .unsupported(
                                "output_format",
                                "Must be 'png' or 'jpeg'; images are not written as '%s'."
                                        .formatted(ParameterBody.shortened(word)));
        }
        return word.equals("jpeg");
    }

    private void compression(ObjectNode output, boolean isJpeg) {
        var value = body.from().path("output_compression");
        // It is what OpenAI's API has by default, also for PNG.
        boolean isDefault = value.isNumber() && value.decimalValue().doubleValue() == 100 && !isJpeg;
        if (!body.isAbsent("output_compression") && !isDefault) {
            body.set(output, "/output/compression", "output_compression", "compression");
        }
    }

    private void background(ObjectNode output, boolean isJpeg) {
        var word = body.text("background");
        if (word == null) {
            return;
        }
        if (!Set.of("auto", "opaque", "transparent").contains(word)) {
            body.errors().invalid("background", "Must be 'auto', 'opaque' or 'transparent'.");
        } else if (model != null && !model.options().background().isEmpty()) {
            if (word.equals("transparent") && !model.options().background().contains(word)) {
                body.errors().unsupported("background", withoutTransparency());
            } else if (word.equals("transparent") && isJpeg) {
                body.errors().unsupported("background", "JPEG files have no transparency. Set output_format to 'png'.");
            } else {
                body.set(output, "/output/background", "background", "background");
            }
        } else if (word.equals("transparent")) {
            body.errors().unsupported("background", withoutTransparency());
        }
    }

    private String withoutTransparency() {
        return "The model '%s' makes opaque images only. Leave it out, or name another model."
                .formatted(model == null ? "" : model.id());
    }
}
