package io.atelier.gateway.api.request;

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
 * Reads which models are asked if the first one fails. Each must be able to draw all that the client asked for by name; where the client
 * named nothing, each draws by its own standard.
 */
final class RoutingFields {

    static final Set<String> KNOWN = Set.of("fallbacks");
    private static final Set<String> PLANNED = Set.of("pools", "deny_pools", "require");
    private static final int MOST = 4;

    private final JsonFields fields;
    private final Catalogue catalogue;
    private final Optional<JsonFields> given;

    RoutingFields(JsonFields fields, Catalogue catalogue) {
        this.fields = fields;
        this.catalogue = catalogue;
        this.given = fields.object("routing");
        given.ifPresent(routing -> routing.allowOnly(KNOWN, PLANNED));
    }

    /**
     * How the request finds who draws it; empty if there is nothing to say.
     *
     * @param model that is asked first; empty if it is not known
     * @param mistakes what is wrong with the rest of the request, and will be with this
     */
    Optional<Routing> read(Optional<Model> model, ValidationErrors mistakes) {
        return model.flatMap(first -> read(first, mistakes));
    }

    private Optional<Routing> read(Model first, ValidationErrors mistakes) {
        var fallbacks = named(first, mistakes).orElseGet(() -> usual(first));
        return fallbacks.isEmpty() && first.engineModel() == null
                ? Optional.empty()
                : Optional.of(new Routing(first.engineModel(), fallbacks));
    }

    /** Those that the client named; empty if it left the choice to the catalogue. */
    private Optional<List<Fallback>> named(Model first, ValidationErrors mistakes) {
        return given.flatMap(routing -> routing.value("fallbacks")
                .map(list -> list.isArray() && list.size() <= MOST
                        ? named(first, list, mistakes)
                        : wrong(routing, "Must be a list of at most %d names of models.".formatted(MOST))));
    }

    private List<Fallback> named(Model first, JsonNode list, ValidationErrors mistakes) {
        // What is wrong whoever draws is told once.
        boolean soFarSound = mistakes.none();
        var asked = new ArrayList<>(List.of(first));
        var fallbacks = new ArrayList<Fallback>();
        for (int index = 0; index < list.size(); index++) {
            var place = "/routing/fallbacks/" + index;
            var model = model(list.get(index), place, mistakes);
            if (model.filter(asked::contains).isPresent()) {
                mistakes.add(
                        place,
                        "The model '%s' is asked before. Name each once."
                                .formatted(model.get().id()));
            } else if (model.isPresent()) {
                asked.add(model.get());
                var inTheWay = new ValidationErrors();
                var fallback = fallback(model.get(), inTheWay);
                fallback.ifPresent(fallbacks::add);
                if (soFarSound) {
                    inTheWay.details().forEach(detail -> mistakes.add(place, cannot(model.get(), detail)));
                }
            }
        }
        return fallbacks;
    }

    private Optional<Model> model(JsonNode name, String place, ValidationErrors mistakes) {
        if (!name.isString()) {
            mistakes.add(place, "Must be the name of a model, not %s.".formatted(JsonFields.kind(name)));
            return Optional.empty();
        }
        var model = catalogue.find(name.stringValue());
        if (model.isEmpty()) {
            mistakes.add(place, catalogue.unknownMessage(name.stringValue()));
        }
        return model;
    }

    private static String cannot(Model model, String detail) {
        return "The model '%s' cannot draw this: %s Leave it out, or ask for what it can."
                .formatted(model.id(), detail);
    }

    /** The catalogue's own, without those that cannot draw this: nobody asked for them by name. */
    private List<Fallback> usual(Model first) {
        return catalogue.fallbacksOf(first).stream()
                .flatMap(model -> fallback(model, new ValidationErrors()).stream())
                .limit(MOST)
                .toList();
    }

    /** The model as a fallback; empty, and the reason among the mistakes, if it cannot draw the request. */
    private Optional<Fallback> fallback(Model model, ValidationErrors mistakes) {
        var own = fields.with(mistakes);
        var limited = new ModelLimitFields(own, Optional.of(model));
        limited.images();
        limited.negativePrompt();
        new SourceFields(own, catalogue).check(model);
        var steps = limited.steps().orElse(model.standardSteps());
        var guidance = limited.guidance().orElse(model.standardGuidance());
        var size = new SizeFields(own, mistakes).read(model);
        GridFields.read(own, size);
        return mistakes.none()
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

    private static List<Fallback> wrong(JsonFields routing, String detail) {
        routing.mistake("fallbacks", detail);
        return List.of();
    }
}
