package io.atelier.gateway.api.request;

import io.atelier.contract.job.DeviceName;
import io.atelier.contract.job.Routing;
import io.atelier.contract.job.Routing.Fallback;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads which models to try if the first one fails, and the device that a request requires. Each model must support all that the request sets; what
 * it does not set is each model's default.
 */
final class RoutingFields {

    private static final Set<String> PLANNED_REQUIREMENTS = Set.of("vram_gb", "license");
    private static final Set<String> PLANNED = Set.of("pools", "deny_pools");

    private final JsonFields fields;
    private final Catalogue catalogue;
    private final ReplacedModels names;
    private final Optional<JsonFields> routing;

    /** @param names finds the models that the request names */
    RoutingFields(JsonFields fields, Catalogue catalogue, ReplacedModels names) {
        this.fields = fields;
        this.catalogue = catalogue;
        this.names = names;
        this.routing = fields.object("routing");
        routing.ifPresent(given -> given.allowOnly(GenerationForm.Routing.class, PLANNED));
    }

    /**
     * The routing of the request; empty if it has no fallbacks, requires no device, and its engine needs no model name.
     *
     * @param model the first to try; empty if it is unknown
     * @param errors those of the rest of the request; this adds its own
     */
    Optional<Routing> read(Optional<Model> model, ValidationErrors errors) {
        return model.flatMap(first -> read(first, errors));
    }

    private Optional<Routing> read(Model first, ValidationErrors errors) {
        var device = device();
        // The client knows where its own fallbacks run; those of the catalogue may run anywhere.
        var fallbacks = requested(first, errors).orElseGet(() -> device.isPresent() ? List.of() : defaults(first));
        return fallbacks.isEmpty() && first.engineModel() == null && device.isEmpty()
                ? Optional.empty()
                : Optional.of(new Routing(first.engineModel(), fallbacks).withDevice(device.orElse(null)));
    }

    private Optional<DeviceName> device() {
        var require = routing.flatMap(given -> given.object("require"));
        require.ifPresent(given -> given.allowOnly(RequirementsForm.class, PLANNED_REQUIREMENTS));
        return require.flatMap(given -> given.word("device").flatMap(name -> device(given, name)));
    }

    private static Optional<DeviceName> device(JsonFields require, String name) {
        var device = DeviceName.parse(name);
        if (device.isEmpty()) {
            require.error(
                    "device",
                    "There is no such device. Must be cpu, gpu for any graphics card, or gpu.N for card number N of a"
                            + " worker, from 0. GET /v1/workers lists them.");
        }
        return device;
    }

    /** The fallbacks that the request names; empty if it leaves them to the catalogue. */
    private Optional<List<Fallback>> requested(Model first, ValidationErrors errors) {
        return routing.flatMap(given -> given.value("fallbacks")
                .map(list -> list.isArray() && list.size() <= RequestLimits.MAX_FALLBACKS
                        ? requested(first, list, errors)
                        : invalid(
                                given,
                                "Must be a list of at most %d names of models."
                                        .formatted(RequestLimits.MAX_FALLBACKS))));
    }

    private List<Fallback> requested(Model first, JsonNode list, ValidationErrors errors) {
        // An error that does not depend on the model is reported once, not for each fallback.
        boolean isValidSoFar = errors.isEmpty();
        var models = new ArrayList<>(List.of(first));
        var fallbacks = new ArrayList<Fallback>();
        for (int index = 0; index < list.size(); index++) {
            var pointer = "/routing/fallbacks/" + index;
            var model = model(list.get(index), pointer, errors);
            if (model.filter(models::contains).isPresent()) {
                errors.add(
                        pointer,
                        "The model '%s' comes earlier already. Name each once."
                                .formatted(model.get().id()));
            } else if (model.isPresent()) {
                models.add(model.get());
                var ofModel = new ValidationErrors();
                var fallback = fallback(model.get(), ofModel);
                fallback.ifPresent(fallbacks::add);
                if (isValidSoFar) {
                    ofModel.details().forEach(detail -> errors.add(pointer, unsupported(model.get(), detail)));
                }
            }
        }
        return fallbacks;
    }

    private Optional<Model> model(JsonNode name, String pointer, ValidationErrors errors) {
        if (!name.isString()) {
            errors.add(pointer, "Must be the name of a model, not %s.".formatted(JsonFields.kind(name)));
            return Optional.empty();
        }
        var model = names.find(name.stringValue());
        if (model.isEmpty()) {
            errors.add(pointer, catalogue.unknownMessage(name.stringValue()));
        }
        return model;
    }

    private static String unsupported(Model model, String detail) {
        return "The model '%s' does not support this request: %s Leave the model out, or change the request."
                .formatted(model.id(), detail);
    }

    /** The catalogue's fallbacks, without those that do not support the request: the client did not name them. */
    private List<Fallback> defaults(Model first) {
        return catalogue.fallbacksOf(first).stream()
                .flatMap(model -> fallback(model, new ValidationErrors()).stream())
                .limit(RequestLimits.MAX_FALLBACKS)
                .toList();
    }

    /** The model as a fallback; empty, and the reasons among the errors, if it does not support the request. */
    private Optional<Fallback> fallback(Model model, ValidationErrors errors) {
        var ofModel = fields.with(errors);
        var limited = new ModelLimitFields(ofModel, Optional.of(model));
        limited.n();
        limited.negativePrompt();
        new SourceFields(ofModel, catalogue).check(model);
        new OptionFields(ofModel, catalogue).read(Optional.of(model));
        var steps = limited.steps().orElse(model.standardSteps());
        var guidance = limited.guidance().orElse(model.standardGuidance());
        var size = limited.size();
        GridFields.read(ofModel, size);
        return errors.isEmpty()
                ? Optional.of(new Fallback(
                        model.id(),
                        model.engineModel(),
                        model.engine(),
                        model.pool(),
                        steps,
                        guidance,
                        size.orElseThrow()))
                : Optional.empty();
    }

    private static List<Fallback> invalid(JsonFields routing, String detail) {
        routing.error("fallbacks", detail);
        return List.of();
    }
}
