package io.atelier.gateway.api.docs;

import io.atelier.gateway.api.problem.ProblemDocument;
import io.atelier.gateway.api.request.AvatarBatchForm;
import io.atelier.gateway.api.request.AvatarForm;
import io.atelier.gateway.api.request.BatchForm;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The parts of the OpenAPI document that no controller declares: its header, and the problem response of every operation. */
public final class OpenApiDescription {

    private static final String GENERATION_REQUEST = "GenerationRequest";
    private static final String PROBLEM = "application/problem+json";

    private OpenApiDescription() {}

    /** Title, version, description and license. */
    public static OpenAPI header() {
        return new OpenAPI()
                .info(new Info()
                        .title("Atelier")
                        .version("v1")
                        .description(
                                "Create image generations, follow their status, download their images. Every response carries x-request-id; "
                                        + "every error is an RFC 9457 problem. Clients must ignore unknown fields.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
    }

    /** Adds a {@code default} response of RFC 9457 to every operation. */
    public static OpenApiCustomizer problemResponses(RecordSchemaConverter records) {
        var converters = new ModelConverters(true);
        converters.addConverter(records);
        var schemas = converters.readAll(new AnnotatedType(ProblemDocument.class));
        return api -> {
            schemas.forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
            api.getPaths().values().stream()
                    .flatMap(path -> path.readOperations().stream())
                    .forEach(OpenApiDescription::addProblems);
        };
    }

    /** Adds to the bodies of batches the fields that they share with the body of one job. */
    public static OpenApiCustomizer batchFields() {
        return api -> {
            var schemas = api.getComponents().getSchemas();
            share(schemas, GENERATION_REQUEST, BatchForm.NAME, BatchForm.shared());
            share(schemas, AvatarForm.NAME, AvatarBatchForm.NAME, AvatarBatchForm.shared());
        };
    }

    private static void share(
            @SuppressWarnings("rawtypes") Map<String, Schema> schemas, String from, String to, Set<String> shared) {
        var one = Objects.requireNonNull(schemas.get(from), from);
        var batch = Objects.requireNonNull(schemas.get(to), to);
        new TreeMap<String, Schema<?>>(properties(one)).forEach((name, field) -> {
            if (shared.contains(name)) {
                batch.addProperty(name, field);
            }
        });
    }

    @SuppressWarnings("unchecked") // The library's type is raw.
    private static Map<String, Schema<?>> properties(Schema<?> schema) {
        return (Map<String, Schema<?>>) (Map<?, ?>) schema.getProperties();
    }

    /** Redirects from {@code /v3/api-docs}, the path that tools try first. */
    public static RouterFunction<ServerResponse> redirect() {
        return Retrieval.of(
                "/v3/api-docs",
                request -> ServerResponse.permanentRedirect(
                                URI.create(request.requestPath().contextPath().value() + "/openapi.json"))
                        .build());
    }

    private static void addProblems(Operation operation) {
        if (operation.getResponses() == null) {
            operation.setResponses(new ApiResponses());
        }
        operation
                .getResponses()
                .addApiResponse(
                        "default",
                        new ApiResponse()
                                .description("The request failed; the body is the problem")
                                .content(new Content()
                                        .addMediaType(
                                                PROBLEM,
                                                new MediaType()
                                                        .schema(new Schema<>().$ref("#/components/schemas/Problem")))));
    }
}
