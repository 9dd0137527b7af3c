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

/** Lists the models that a request can name. */
@RestController
@Tag(name = "Models", description = "Models and engines")
public final class ModelController {

    private final Catalogue catalogue;
    private final ModelAvailability availability;

    public ModelController(Catalogue catalogue, ModelAvailability availability) {
        this.catalogue = catalogue;
        this.availability = availability;
    }

    @Operation(
            operationId = "listModels",
            summary = "List models",
            description = "The list has the form of OpenAI's API, with more fields.")
    @GetMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
    ModelDescription.Listing list() {
        return new ModelDescription.Listing(
                "list", catalogue.all().stream().map(this::describe).toList());
    }

    @Operation(
            operationId = "getModel",
            summary = "Show a model",
            description = "The id 'auto' means the standard model.")
    @GetMapping(path = "/v1/models/{*id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ModelDescription find(@PathVariable("id") String path) {
        // Ids may contain slashes, which some clients escape and others do not.
        var id = path.substring(1);
        return catalogue.find(id).map(this::describe).orElseThrow(() -> ModelNotFound.problem(catalogue, id));
    }

    @Operation(
            operationId = "getCapabilities",
            summary = "Show the condition of the engines",
            description =
                    "Whether images can be generated now, and the condition of each engine that live workers report, also of "
                            + "those that lack a setting.")
    @GetMapping(path = "/v1/capabilities", produces = MediaType.APPLICATION_JSON_VALUE)
    Capabilities capabilities() {
        return Capabilities.of(availability.conditions());
    }

    private ModelDescription describe(Model model) {
        return ModelDescription.of(
                model,
                catalogue.isStandard(model),
                availability.condition(model.pool(), model.engine()),
                availability.of(model.pool(), model.engine()));
    }
}
