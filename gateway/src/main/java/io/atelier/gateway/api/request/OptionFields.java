package io.atelier.gateway.api.request;

import io.atelier.contract.job.ImageOptions;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelOptions;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the parameters that only some models have. Which words a model takes is in the catalogue. */
final class OptionFields {

    private static final String OUTPUT = "output";
    private static final String INPUT_FIDELITY = "input_fidelity";
    private static final String IMAGES = "images";

    private final JsonFields fields;
    private final Catalogue catalogue;

    OptionFields(JsonFields fields, Catalogue catalogue) {
        this.fields = fields;
        this.catalogue = catalogue;
    }

    /**
     * The parameters of the request.
     *
     * @param model the model that gets them; empty if it is unknown, so that all words are taken
     */
    ImageOptions read(Optional<Model> model) {
        @Nullable String fidelity = word(fields, INPUT_FIDELITY, model, ModelOptions::inputFidelity);
        if (fields.has(INPUT_FIDELITY) && !fields.has(IMAGES)) {
            fields.error(
                    INPUT_FIDELITY,
                    "Belongs to 'images', of which there are none. Name the images to change, or leave it out.");
        }
        return new ImageOptions(
                word(fields, "quality", model, ModelOptions::quality),
                background(model),
                word(fields, "moderation", model, ModelOptions::moderation),
                fidelity,
                word(fields, "scheduler", model, ModelOptions::scheduler));
    }

    private @Nullable String background(Optional<Model> model) {
        // Another reader reports an output that is no object.
        if (fields.value(OUTPUT).filter(JsonNode::isObject).isEmpty()) {
            return null;
        }
        var output = fields.object(OUTPUT).orElseThrow();
        @Nullable String background = word(output, "background", model, ModelOptions::background);
        if (ImageOptions.TRANSPARENT.equals(background)
                && output.value("format").filter(OptionFields::isJpeg).isPresent()) {
            output.error("background", "JPEG files have no transparency. Set the format to 'png', or leave this out.");
        }
        return background;
    }

    private static boolean isJpeg(JsonNode format) {
        return format.isString() && format.stringValue().equals("jpeg");
    }

    private @Nullable String word(
            JsonFields object, String name, Optional<Model> model, Function<ModelOptions, List<String>> allowed) {
        if (!object.has(name)) {
            return null;
        }
        if (model.isPresent() && allowed.apply(model.get().options()).isEmpty()) {
            object.error(name, unsupported(model.get(), allowed));
            return null;
        }
        return object.word(name)
                .filter(word -> isAllowed(object, name, word, model, allowed))
                .orElse(null);
    }

    private static boolean isAllowed(
            JsonFields object,
            String name,
            String word,
            Optional<Model> model,
            Function<ModelOptions, List<String>> allowed) {
        var words = model.map(Model::options).map(allowed);
        if (words.isEmpty() || words.get().contains(word)) {
            return true;
        }
        object.error(
                name,
                "Must be %s for the model '%s'."
                        .formatted(
                                words.get().stream().map("'%s'"::formatted).collect(Collectors.joining(" or ")),
                                model.get().id()));
        return false;
    }

    private String unsupported(Model model, Function<ModelOptions, List<String>> allowed) {
        var capable = catalogue.all().stream()
                .filter(other -> !allowed.apply(other.options()).isEmpty())
                .map(Model::id)
                .toList();
        return "The model '%s' does not let clients set this. Leave it out%s"
                .formatted(
                        model.id(),
                        capable.isEmpty()
                                ? "."
                                : ", or name a model that does: %s.".formatted(String.join(", ", capable)));
    }
}
