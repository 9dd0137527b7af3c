package io.atelier.gateway.faces.hayhooks;

import static io.atelier.gateway.faces.hayhooks.OpenApiParts.binary;
import static io.atelier.gateway.faces.hayhooks.OpenApiParts.entry;
import static io.atelier.gateway.faces.hayhooks.OpenApiParts.object;
import static io.atelier.gateway.faces.hayhooks.OpenApiParts.ordered;
import static io.atelier.gateway.faces.hayhooks.OpenApiParts.property;
import static io.atelier.gateway.faces.hayhooks.OpenApiParts.response;
import static io.atelier.gateway.faces.hayhooks.OpenApiParts.with;

import io.atelier.gateway.faces.hayhooks.ImagePipeline.Disposition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Describes the routes of the pipelines as an OpenAPI document, with the media types of their responses. Thread-safe. */
final class HayhooksOpenApi {

    private static final String DESCRIPTION = "description";
    private static final String SCHEMA = "schema";
    private static final String TYPE = "type";
    private static final String REF = "$ref";
    private static final String JSON_TYPE = "application/json";
    private static final String VALIDATION = "#/components/schemas/HTTPValidationError";
    private static final String FAILURE = "#/components/schemas/PipelineFailure";

    private final JsonMapper json;

    HayhooksOpenApi(JsonMapper json) {
        this.json = json;
    }

    /** The document for these pipelines, in JSON. */
    byte[] document(List<FacePipeline> pipelines) {
        var paths = new LinkedHashMap<String, Object>();
        pipelines.forEach(pipeline ->
                paths.put("/%s/run".formatted(pipeline.name()), Map.of("post", ordered(operation(pipeline)))));
        paths.put("/status", Map.of("get", ordered(reading("status_all", "The names of all pipelines"))));
        return json.writeValueAsBytes(ordered(List.of(
                entry("openapi", "3.1.0"),
                entry(
                        "info",
                        ordered(List.of(
                                entry("title", "Atelier: pipelines"),
                                entry("version", "v1"),
                                entry(DESCRIPTION, "Image generation for clients of hayhooks.")))),
                entry("paths", paths),
                entry("components", Map.of("schemas", schemas())))));
    }

    private static List<Map.Entry<String, Object>> operation(FacePipeline pipeline) {
        var name = pipeline.name() + "_run";
        return List.of(
                entry("tags", List.of("pipelines")),
                entry("summary", name),
                entry(DESCRIPTION, pipeline.description()),
                entry("operationId", name),
                entry("parameters", parameters(pipeline)),
                entry("requestBody", requestBody(pipeline)),
                entry("responses", responses(pipeline)));
    }

    private static List<Map<String, Object>> parameters(FacePipeline pipeline) {
        return pipeline instanceof ImagePipeline image ? List.of(disposition(image)) : List.of();
    }

    /** Its example is what Swagger UI sends at first, which shows an image only if it is inline. */
    private static Map<String, Object> disposition(ImagePipeline pipeline) {
        var words = Stream.of(Disposition.values()).map(Disposition::word).toList();
        var schema = ordered(List.of(
                entry(TYPE, "string"),
                entry("enum", words),
                entry("default", pipeline.disposition().word())));
        return ordered(List.of(
                entry("name", HayhooksRoutes.DISPOSITION),
                entry("in", "query"),
                entry(DESCRIPTION, "Whether a browser shows the image or saves it"),
                entry(SCHEMA, schema),
                entry("example", Disposition.INLINE.word())));
    }

    private static Map<String, Object> requestBody(FacePipeline pipeline) {
        if (pipeline instanceof CodePipeline code) {
            var declaration = code.hosted().declaration();
            return requestBody(!declaration.needsNoParameters(), JSON_TYPE, CodeSchemas.body(declaration));
        }
        return pipeline instanceof ImagePipeline image ? requestBody(true, bodyType(image), body(image)) : Map.of();
    }

    private static Map<String, Object> requestBody(boolean isRequired, String type, Map<String, Object> schema) {
        return ordered(List.of(entry("required", isRequired), entry("content", Map.of(type, Map.of(SCHEMA, schema)))));
    }

    private static String bodyType(ImagePipeline pipeline) {
        return pipeline.files() > 0 ? "multipart/form-data" : JSON_TYPE;
    }

    private static Map<String, Object> body(ImagePipeline pipeline) {
        var properties = new LinkedHashMap<String, Object>();
        if (pipeline.files() > 0) {
            var file = binary();
            var files = with(property("array", "The images to change"), "items", file);
            properties.put(RunForms.FILES, with(with(files, "minItems", 1), "maxItems", pipeline.files()));
        }
        properties.put("prompt", property("string", "What the image shows"));
        properties.put("width", side("The width in pixels", pipeline.width()));
        properties.put("height", side("The height in pixels", pipeline.height()));
        properties.put("model", with(property("string", "The name of a model"), "default", pipeline.model()));
        return ordered(List.of(
                entry(TYPE, "object"),
                entry("title", pipeline.name() + "RunRequest"),
                entry("required", pipeline.files() > 0 ? List.of(RunForms.FILES, "prompt") : List.of("prompt")),
                entry("properties", properties)));
    }

    private static Map<String, Object> side(String description, int standard) {
        var side = with(property("integer", description), "default", standard);
        return with(with(side, "minimum", RunRequestReader.MIN_SIDE), "maximum", RunRequestReader.MAX_SIDE);
    }

    private static Map<String, Object> responses(FacePipeline pipeline) {
        var responses = new LinkedHashMap<String, Object>();
        if (pipeline instanceof CodePipeline code) {
            responses.putAll(CodeSchemas.success(code.hosted().declaration().resultType()));
        } else {
            responses.put("200", response("The image", "image/png", Map.of(SCHEMA, binary())));
        }
        responses.put("422", response("The parameters are invalid", JSON_TYPE, reference(VALIDATION)));
        responses.put("default", response("The pipeline failed", JSON_TYPE, reference(FAILURE)));
        return responses;
    }

    private static List<Map.Entry<String, Object>> reading(String id, String description) {
        var ok = response(description, JSON_TYPE, Map.of(SCHEMA, Map.of(TYPE, "object")));
        return List.of(
                entry("tags", List.of("status")), entry("operationId", id), entry("responses", Map.of("200", ok)));
    }

    private static Map<String, Object> schemas() {
        var error = object(ordered(List.of(
                entry(TYPE, property("string", "The kind of the error")),
                entry("loc", with(property("array", "Where it is"), "items", Map.of())),
                entry("msg", property("string", "What is wrong")))));
        var schemas = new LinkedHashMap<String, Object>();
        schemas.put("ValidationError", error);
        schemas.put(
                "HTTPValidationError",
                object(Map.of(
                        "detail",
                        ordered(List.of(
                                entry(TYPE, "array"),
                                entry("items", Map.of(REF, "#/components/schemas/ValidationError")))))));
        schemas.put(
                "PipelineFailure",
                object(ordered(List.of(
                        entry("detail", property("string", "What happened")),
                        entry("code", property("string", "The kind of the failure")),
                        entry("job_id", property("string", "The id of the generation, if there is one"))))));
        return schemas;
    }

    private static Map<String, Object> reference(String schema) {
        return Map.of(SCHEMA, Map.of(REF, schema));
    }
}
