package io.atelier.gateway.models;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Shows the models that a request can name. */
@RestController
@Tag(name = "Models", description = "What can draw")
final class ModelController {

    private final Catalogue catalogue;
    private final Crew crew;

    ModelController(Catalogue catalogue, Crew crew) {
        this.catalogue = catalogue;
        this.crew = crew;
    }

    @Operation(
            operationId = "listModels",
            summary = "All models",
            description = "Clients of OpenAI's API can read this list.")
    @GetMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
    ModelDescription.Listing list() {
        return new ModelDescription.Listing(
                "list", catalogue.all().stream().map(this::describe).toList());
    }

    @Operation(operationId = "getModel", summary = "One model", description = "The name 'auto' shows the standard one.")
    @GetMapping(path = "/v1/models/{*id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ModelDescription find(@PathVariable("id") String path) {
        // Names may have slashes, which some clients escape and others do not.
        var id = path.substring(1);
        return catalogue.find(id).map(this::describe).orElseThrow(() -> catalogue.unknown(id));
    }

    @Operation(
            operationId = "getCapabilities",
            summary = "Whether anything can draw now",
            description = "And how each engine does that workers speak of, also those that lack a setting.")
    @GetMapping(path = "/v1/capabilities", produces = MediaType.APPLICATION_JSON_VALUE)
    Capabilities capabilities() {
        return Capabilities.of(crew.conditions());
    }

    private ModelDescription describe(Model model) {
        return ModelDescription.of(
                model,
                catalogue.isStandard(model),
                crew.condition(model.pool(), model.engine()),
                crew.of(model.pool(), model.engine()));
    }
}
