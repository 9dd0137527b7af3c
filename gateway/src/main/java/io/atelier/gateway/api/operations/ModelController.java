package io.atelier.gateway.api.operations;

import io.atelier.gateway.api.request.ModelNotFound;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelAvailability;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Shows the models that a request can name. */
@RestController
@Tag(name = "Models", description = "What can draw")
public final class ModelController {

    private final Catalogue catalogue;
    private final ModelAvailability crew;

    public ModelController(Catalogue catalogue, ModelAvailability crew) {
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
        return catalogue.find(id).map(this::describe).orElseThrow(() -> ModelNotFound.problem(catalogue, id));
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
