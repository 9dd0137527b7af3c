package io.atelier.gateway.api.operations;

import io.atelier.contract.work.LocalModel;
import io.atelier.gateway.api.exchange.AnyQuery;
import io.atelier.gateway.api.request.ModelNotFound;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.EngineCondition;
import io.atelier.gateway.view.models.Model;
import io.atelier.gateway.view.models.ModelAvailability;
import io.atelier.gateway.view.models.ModelRetirement;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
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
            description =
                    "The list has the form of OpenAI's API, with more fields. Names of models that their makers have shut"
                            + " down come last: requests for them get the models in replaced_by.")
    @AnyQuery
    @GetMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
    ModelDescription.Listing list() {
        var ids = Stream.concat(
                catalogue.ids().stream(), catalogue.aliases().stream().map(ModelRetirement::model));
        return new ModelDescription.Listing(
                "list", ids.flatMap(id -> describe(id).stream()).toList());
    }

    @Operation(
            operationId = "getModel",
            summary = "Show a model",
            description = "The id 'auto' means the standard model.")
    @AnyQuery
    @GetMapping(path = "/v1/models/{*id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ModelDescription find(@PathVariable("id") String path) {
        // Ids may contain slashes, which some clients escape and others do not.
        var id = path.substring(1);
        return describe(id).orElseThrow(() -> ModelNotFound.problem(catalogue, id));
    }

    @Operation(
            operationId = "getCapabilities",
            summary = "Show the condition of the engines",
            description =
                    "Whether images can be generated now, and the condition of each engine that live workers report, also of "
                            + "those that lack a setting.")
    @GetMapping(path = "/v1/capabilities", produces = MediaType.APPLICATION_JSON_VALUE)
    Capabilities capabilities() {
        var conditions = new TreeMap<>(availability.conditions());
        conditions.replaceAll((engine, condition) -> whyHidden(engine).orElse(condition));
        return Capabilities.of(conditions);
    }

    /** The condition of the engine of a model folder that no request can name. */
    private Optional<EngineCondition> whyHidden(String engine) {
        return LocalModel.folderOf(engine)
                .flatMap(catalogue::whyHidden)
                .map(reason -> new EngineCondition(EngineCondition.NOT_CONFIGURED, reason));
    }

    private Optional<ModelDescription> describe(String name) {
        return catalogue
                .find(name)
                .map(model -> describe(catalogue.alias(name).isPresent() ? name : model.id(), model));
    }

    private ModelDescription describe(String id, Model model) {
        return ModelDescription.of(
                id,
                model,
                id.equals(model.id()) && catalogue.isStandard(model),
                availability.condition(model.pool(), model.engine()),
                availability.load(model.pool(), model.engine()).orElse(null),
                availability.of(model.pool(), model.engine()),
                catalogue.retirement(id).orElse(null));
    }
}
