package io.atelier.gateway.api.request;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequestBuilder;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Routing;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads which model makes an avatar. */
final class AvatarModelFields {

    private static final String FIELD = "model";

    private final JsonFields fields;
    private final Catalogue catalogue;
    private final String standard;

    /** @param standard the name of the model if the request names none */
    AvatarModelFields(JsonFields fields, Catalogue catalogue, String standard) {
        this.fields = fields;
        this.catalogue = catalogue;
        this.standard = standard;
    }

    /**
     * A model.
     *
     * @param requested its name in the request, or {@code auto}
     * @param warnings that the named model was replaced
     */
    record Chosen(Model model, String requested, List<Job.Warning> warnings) {

        /** A request for images of the model. The size is left open, so that a provider is asked for none. */
        GenerationRequestBuilder request(long seed) {
            return GenerationRequest.builder()
                    .prompt("")
                    .model(model.id())
                    .requestedModel(requested)
                    .engine(model.engine())
                    .pool(model.pool())
                    .size(model.sizes().standard())
                    .sizeLeftOpen(true)
                    .steps(model.standardSteps())
                    .guidanceScale(model.standardGuidance())
                    .seed(seed)
                    .routing(model.engineModel() == null ? null : new Routing(model.engineModel(), List.of()))
                    .warnings(warnings);
        }
    }

    /**
     * The model; empty after an error.
     *
     * @param changesImages whether it must be able to change images
     */
    Optional<Chosen> read(boolean changesImages) {
        var name = GenerationRequestReader.requestedModel(fields);
        var models = new ReplacedModels(catalogue);
        boolean isStandard = name.filter(Catalogue.AUTO::equals).isPresent();
        // The client did not name the standard model, so it gets no warning that another took its place.
        var model = isStandard ? catalogue.find(standard) : name.flatMap(models::find);
        if (name.isPresent() && model.isEmpty()) {
            if (isStandard) {
                fields.error(
                        FIELD,
                        "Is missing, and the standard model of avatars, '%s', is not in the catalogue. %s"
                                .formatted(standard, alternatives()));
            } else {
                fields.error(FIELD, ModelNotFound.ofJob(catalogue, name.get()));
            }
        }
        if (changesImages && model.filter(found -> found.maxSources() == 0).isPresent()) {
            fields.error(
                    FIELD,
                    "The model '%s' cannot change images, which this request needs. %s"
                            .formatted(model.get().id(), alternatives()));
            return Optional.empty();
        }
        return model.map(found -> new Chosen(found, name.orElseThrow(), models.warnings()));
    }

    /** The seed. The base image has it, and each grid one of those after it. */
    static Optional<Long> seed(JsonFields fields) {
        return fields.integer("seed", 0, RequestLimits.MAX_AVATAR_SEED);
    }

    private String alternatives() {
        var capable = catalogue.all().stream()
                .filter(model -> model.maxSources() > 0)
                .map(Model::id)
                .collect(Collectors.joining(", "));
        return capable.isEmpty() ? "No model here can change images." : "Name one that can: %s.".formatted(capable);
    }
}
