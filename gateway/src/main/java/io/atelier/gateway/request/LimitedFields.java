package io.atelier.gateway.request;

import io.atelier.gateway.models.Model;
import java.util.Optional;

/** Reads the fields that the model sets limits to. For a model that is not known, the limits of the contract hold. */
final class LimitedFields {

    private final JsonFields fields;
    private final Optional<Model> model;

    LimitedFields(JsonFields fields, Optional<Model> model) {
        this.fields = fields;
        this.model = model;
    }

    int images() {
        int most = model.map(Model::maxImages).orElse(16);
        return fields.whole("n", 1, most).orElse(1L).intValue();
    }

    Optional<Integer> steps() {
        int least = model.map(known -> known.steps().min()).orElse(1);
        int most = model.map(known -> known.steps().max()).orElse(150);
        return fields.whole("steps", least, most).map(Long::intValue);
    }

    Optional<Double> guidance() {
        double least = model.map(known -> known.guidance().min()).orElse(0.0);
        double most = model.map(known -> known.guidance().max()).orElse(30.0);
        return fields.number("guidance_scale", least, most);
    }

    Optional<String> negativePrompt() {
        var words =
                fields.text("negative_prompt", 0, RequestReader.LONGEST_PROMPT).filter(text -> !text.isBlank());
        if (words.isPresent() && model.isPresent() && !model.get().negativePrompt()) {
            fields.mistake(
                    "negative_prompt",
                    "The model '%s' cannot be told what not to draw."
                            .formatted(model.get().id()));
        }
        return words;
    }
}
