package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.faces.pipelines.PipelineDeclaration;
import io.atelier.pipeline.PipelineParameter;
import io.atelier.pipeline.ResultType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes the requests and results of pipelines in Java for the OpenAPI document. */
final class CodeSchemas {

    private static final String SCHEMA = "schema";

    private CodeSchemas() {}

    /** The schema of the body. */
    static Map<String, Object> body(PipelineDeclaration declaration) {
        var properties = new LinkedHashMap<String, Object>();
        declaration.parameters().forEach(parameter -> properties.put(parameter.name(), property(parameter)));
        var required = declaration.parameters().stream()
                .filter(PipelineParameter::isRequired)
                .map(PipelineParameter::name)
                .toList();
        var body = OpenApiParts.ordered(List.of(
                OpenApiParts.entry("type", "object"),
                OpenApiParts.entry("title", declaration.name() + "RunRequest"),
                OpenApiParts.entry("properties", properties)));
        return required.isEmpty() ? body : OpenApiParts.with(body, "required", required);
    }

    private static Map<String, Object> property(PipelineParameter parameter) {
        var property = OpenApiParts.property(type(parameter.type()), parameter.description());
        property = with(property, "default", parameter.defaultValue());
        property = with(property, "minimum", parameter.min());
        return with(property, "maximum", parameter.max());
    }

    private static Map<String, Object> with(Map<String, Object> property, String name, @Nullable Object value) {
        return value == null ? property : OpenApiParts.with(property, name, value);
    }

    private static String type(PipelineParameter.Type type) {
        return switch (type) {
            case TEXT -> "string";
            case INTEGER -> "integer";
            case NUMBER -> "number";
            case FLAG -> "boolean";
            case LIST -> "array";
            case OBJECT -> "object";
        };
    }

    /** The responses of successful runs, by status. */
    static Map<String, Object> success(ResultType type) {
        var mediaType = type.mediaType();
        if (mediaType == null) {
            return Map.of("303", Map.of("description", "Another address, in the header Location"));
        }
        return Map.of("200", OpenApiParts.response("The result", mediaType, Map.of(SCHEMA, schema(type.kind()))));
    }

    private static Map<String, Object> schema(ResultType.Kind kind) {
        return switch (kind) {
            case JSON -> OpenApiParts.object(Map.of("result", Map.of()));
            case TEXT, EVENTS -> Map.of("type", "string");
            default -> OpenApiParts.binary();
        };
    }
}
