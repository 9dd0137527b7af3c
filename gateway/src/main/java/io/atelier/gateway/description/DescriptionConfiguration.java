package io.atelier.gateway.description;

import io.atelier.gateway.problem.ProblemDocument;
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
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Wires the OpenAPI description: names as they are on the wire, and the problems that every operation can answer with. */
@Configuration(proxyBeanMethods = false)
public final class DescriptionConfiguration {

    private static final String PROBLEM = "application/problem+json";

    @Bean
    OpenAPI atelierApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Atelier")
                        .version("v1")
                        .description(
                                "Ask for pictures, see where they stand, fetch them. Every answer carries x-request-id; "
                                        + "every error is a problem of RFC 9457. Clients must ignore fields that they do not know.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
    }

    @Bean
    RecordResolver recordResolver() {
        return new RecordResolver();
    }

    @Bean
    OpenApiCustomizer problemResponses(RecordResolver records) {
        var converters = new ModelConverters(true);
        converters.addConverter(records);
        var schemas = converters.readAll(new AnnotatedType(ProblemDocument.class));
        return api -> {
            schemas.forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
            api.getPaths().values().stream()
                    .flatMap(path -> path.readOperations().stream())
                    .forEach(DescriptionConfiguration::addProblems);
        };
    }

    /** Where tools look for a description by habit. */
    @Bean
    RouterFunction<ServerResponse> usualDescriptionAddress() {
        return RouterFunctions.route(
                RequestPredicates.GET("/v3/api-docs"),
                request -> ServerResponse.permanentRedirect(URI.create("/openapi.json"))
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
                                .description("What went wrong")
                                .content(new Content()
                                        .addMediaType(
                                                PROBLEM,
                                                new MediaType()
                                                        .schema(new Schema<>().$ref("#/components/schemas/Problem")))));
    }
}
