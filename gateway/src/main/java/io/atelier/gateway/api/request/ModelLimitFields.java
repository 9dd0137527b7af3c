package io.atelier.gateway.api.request;

import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.Model.Guidance;
import io.atelier.gateway.view.models.Model.Steps;
import java.util.Optional;

/** Reads the fields that the model sets limits to. For a model that is not known, the limits of the contract hold. */
final class ModelLimitFields {

    private final JsonFields fields;
    private final Optional<Model> model;

    ModelLimitFields(JsonFields fields, Optional<Model> model) {
        this.fields = fields;
        this.model = model;
    }

    int images() {
        int most = model.map(Model::maxImages).orElse(16);
        return fields.whole("n", 1, most).orElse(1L).intValue();
    }

    Optional<Integer> steps() {
        var limits = model.flatMap(known -> Optional.ofNullable(known.steps()));
        if (!canBeTold("steps", limits)) {
            return Optional.empty();
        }
        int least = limits.map(Steps::min).orElse(1);
        int most = limits.map(Steps::max).orElse(150);
        return fields.whole("steps", least, most).map(Long::intValue);
    }

    Optional<Double> guidance() {
        var limits = model.flatMap(known -> Optional.ofNullable(known.guidance()));
        if (!canBeTold("guidance_scale", limits)) {
            return Optional.empty();
        }
        double least = limits.map(Guidance::min).orElse(0.0);
        double most = limits.map(Guidance::max).orElse(30.0);
        return fields.number("guidance_scale", least, most);
    }

    private boolean canBeTold(String field, Optional<?> limits) {
        boolean told = fields.has(field) && model.isPresent() && limits.isEmpty();
        if (told) {
            fields.mistake(
                    field,
                    "The model '%s' decides this by itself. Leave it out."
                            .formatted(model.get().id()));
        }
        return !told;
    }

    Optional<String> negativePrompt() {
        var words = fields.text("negative_prompt", 0, GenerationRequestReader.LONGEST_PROMPT)
                .filter(text -> !text.isBlank());
        if (words.isPresent() && model.isPresent() && !model.get().negativePrompt()) {
            fields.mistake(
                    "negative_prompt",
                    "The model '%s' cannot be told what not to draw."
                            .formatted(model.get().id()));
        }
        return words;
    }
}
