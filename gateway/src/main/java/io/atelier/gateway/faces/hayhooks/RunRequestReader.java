package io.atelier.gateway.faces.hayhooks;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.image.FileId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.request.BoundedBodyReader;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.request.GenerationRequestReader.ParsedRequest;
import io.atelier.gateway.faces.hayhooks.PipelineFile.PipelineRefused;
import io.atelier.gateway.view.models.Catalogue;
import io.atelier.gateway.view.models.Model;
import io.atelier.pipeline.PipelineImageRequest;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads requests to run a pipeline. It checks only what these requests have of their own; all else is left to the reader of this gateway's own
 * requests. Thread-safe.
 */
final class RunRequestReader {

    static final String QUERY = "query";
    static final int MIN_SIDE = 64;
    static final int MAX_SIDE = 2_048;

    private static final String HUGGING_FACE = "huggingface";
    private static final Pattern HUGGING_FACE_ID =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}");

    private final BoundedBodyReader bodies;
    private final RunForms forms;
    private final GenerationRequestReader reader;
    private final Catalogue catalogue;
    private final boolean anyHuggingFaceModel;
    private final JsonMapper json;
    private final Clock clock;

    /** @param anyHuggingFaceModel see {@link HayhooksProperties} */
    RunRequestReader(
            BoundedBodyReader bodies,
            RunForms forms,
            GenerationRequestReader reader,
            Catalogue catalogue,
            boolean anyHuggingFaceModel,
            JsonMapper json,
            Clock clock) {
        this.bodies = bodies;
        this.forms = forms;
        this.reader = reader;
        this.catalogue = catalogue;
        this.anyHuggingFaceModel = anyHuggingFaceModel;
        this.json = json;
        this.clock = clock;
    }

    /** The request of a body. Fails with a {@link Problem}, with errors in the form of pydantic if the parameters are invalid. */
    Mono<ParsedRequest> read(ServerHttpRequest request, ImagePipeline pipeline) {
        if (pipeline.files() > 0 && RunForms.isForm(request.getHeaders())) {
            return forms.read(request, pipeline, (texts, files) -> parse(object(texts), RunBody.PLACE, pipeline, files))
                    .onErrorMap(Problem.class, problem -> translated(problem, json.createObjectNode(), RunBody.PLACE));
        }
        return bodies.read(request)
                .map(bytes -> RunBody.parse(bytes, request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE)))
                .map(body -> parse(body, RunBody.PLACE, pipeline, List.of()));
    }

    /** The request of a query. Fails like {@link #read}. */
    Mono<ParsedRequest> readQuery(ServerHttpRequest request, ImagePipeline pipeline) {
        return Mono.fromCallable(() -> {
            var texts = request.getQueryParams().toSingleValueMap();
            return parse(object(texts), QUERY, pipeline, List.of());
        });
    }

    /**
     * The request for an image that the code of a pipeline asks for.
     *
     * @param standard has the model of a request that names none
     * @throws Problem with errors in the form of pydantic if it is invalid
     */
    ParsedRequest read(PipelineImageRequest image, ImagePipeline standard) {
        var values = json.createObjectNode()
                .put("prompt", image.prompt())
                .put("width", image.width())
                .put("height", image.height());
        if (image.model() != null) {
            values.put("model", image.model());
        }
        return parse(values, RunBody.PLACE, standard, List.of(), json.valueToTree(image.options()));
    }

    private ObjectNode object(Map<String, String> texts) {
        var object = json.createObjectNode();
        texts.forEach(object::put);
        return object;
    }

    /**
     * Checks that requests without parameters of their own can run a pipeline.
     *
     * @throws PipelineRefused with the reason if they cannot
     */
    void check(ImagePipeline pipeline) throws PipelineRefused {
        try {
            read(
                    own(
                            "a castle",
                            pipeline.width(),
                            pipeline.height(),
                            Collections.nCopies(pipeline.files(), RunForms.NO_FILE)),
                    pipeline.model());
        } catch (Problem problem) {
            throw new PipelineRefused(
                    problem.errors().isEmpty()
                            ? problem.detail()
                            : problem.errors().get(0).detail());
        }
    }

    private ParsedRequest parse(ObjectNode values, String place, ImagePipeline pipeline, List<FileId> files) {
        return parse(values, place, pipeline, files, json.createObjectNode());
    }

    /** @param options other members of a request in this gateway's own form */
    private ParsedRequest parse(
            ObjectNode values, String place, ImagePipeline pipeline, List<FileId> files, ObjectNode options) {
        var parameters = new LaxParameters(values, place);
        var prompt = parameters.text("prompt");
        var model = parameters.text("model", pipeline.model());
        int width = parameters.integer("width", MIN_SIDE, MAX_SIDE, pipeline.width());
        int height = parameters.integer("height", MIN_SIDE, MAX_SIDE, pipeline.height());
        if (files.isEmpty() && pipeline.files() > 0) {
            parameters.addMissing(RunForms.FILES);
        }
        if (!parameters.errors().isEmpty()) {
            throw HayhooksErrors.invalid(parameters.errors());
        }
        var name = model.isEmpty() ? pipeline.model() : model;
        try {
            return read(options.setAll(own(prompt, width, height, files)), name);
        } catch (Problem problem) {
            throw translated(problem, values, place);
        }
    }

    private ObjectNode own(String prompt, int width, int height, List<FileId> files) {
        var own = json.createObjectNode()
                .put("prompt", prompt)
                .put("width", RequestedSize.made(width))
                .put("height", RequestedSize.made(height));
        if (!files.isEmpty()) {
            var images = own.putArray("images");
            files.forEach(file -> images.addObject().put("file_id", file.value()));
        }
        var labels = own.putObject("labels");
        RequestedSize.labels(width, height).forEach(labels::put);
        return own;
    }

    private ParsedRequest read(ObjectNode own, String model) {
        var other = otherHuggingFaceModel(model);
        own.put("model", other.map(Model::id).orElse(model));
        // The text of a client may have half of a surrogate pair, which UTF-8 cannot express.
        var body = json.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsBytes(own);
        var parsed = reader.read(body, null, clock.instant(), Set.of(RequestedSize.LABEL));
        return other.isPresent() ? of(parsed, model) : parsed;
    }

    /** The model of the catalogue whose engine and limits hold for a model of Hugging Face that the catalogue does not have; empty for all other names. */
    private Optional<Model> otherHuggingFaceModel(String name) {
        boolean isOther = anyHuggingFaceModel
                && HUGGING_FACE_ID.matcher(name).matches()
                && catalogue.find(name).isEmpty();
        return isOther
                ? catalogue.all().stream()
                        .filter(model -> model.engine().equals(HUGGING_FACE))
                        .findFirst()
                : Optional.empty();
    }

    /** The same request for a model of Hugging Face that the catalogue does not have. */
    private static ParsedRequest of(ParsedRequest parsed, String model) {
        var request = parsed.request().toBuilder()
                .model(model)
                .requestedModel(model)
                .steps(null)
                .guidanceScale(null)
                .routing(null)
                .build();
        return new ParsedRequest(
                request,
                Sha256.of(model + "\n" + parsed.digest()).hex(),
                parsed.isCanceledOnDisconnect(),
                parsed.inline());
    }

    /** The problem with its errors in the form of pydantic; unchanged if it has none. */
    private static RuntimeException translated(Problem problem, JsonNode values, String place) {
        if (problem.errors().isEmpty()) {
            return problem;
        }
        return HayhooksErrors.invalid(problem.errors().stream()
                .map(error -> error(error, values, place))
                .toList());
    }

    /** The parameter of the client that is at a place of the body in this gateway's own form. */
    private static String name(String pointer) {
        return pointer.startsWith("/images") ? RunForms.FILES : pointer.substring(1);
    }

    private static PydanticError error(FieldError error, JsonNode values, String place) {
        var pointer = error.pointer();
        var name = pointer == null || pointer.isEmpty() ? "prompt" : name(pointer);
        return new PydanticError(
                "value_error",
                List.of(place, name),
                "Value error, " + error.detail(),
                values.get(name),
                Map.of("error", Map.of()));
    }
}
