package io.atelier.gateway.faces.hayhooks;

import io.atelier.gateway.api.docs.PagePolicies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Serves Swagger UI for the OpenAPI document of the pipelines. The page loads nothing from other servers. */
final class DocsPage {

    private static final String FOLDER = "hayhooks/";
    private static final String SWAGGER_UI = "classpath*:META-INF/resources/webjars/swagger-ui/*/";
    private static final MediaType SCRIPT = new MediaType("text", "javascript");
    private static final MediaType STYLE = new MediaType("text", "css");
    private static final CacheControl FIVE_MINUTES = CacheControl.maxAge(Duration.ofMinutes(5));

    private DocsPage() {}

    /** The page, and the files that it needs. */
    static RouterFunction<ServerResponse> routes() {
        return file("/docs", new ClassPathResource(FOLDER + "docs.html"), MediaType.TEXT_HTML)
                .and(file("/docs/start.js", new ClassPathResource(FOLDER + "start.js"), SCRIPT))
                .and(file("/docs/swagger-ui-bundle.js", swaggerUi("swagger-ui-bundle.js"), SCRIPT))
                .and(file("/docs/swagger-ui.css", swaggerUi("swagger-ui.css"), STYLE));
    }

    private static RouterFunction<ServerResponse> file(String path, Resource resource, MediaType type) {
        return RouterFunctions.route(RequestPredicates.path(path), request -> {
            HayhooksRoutes.requireReading(request);
            return ServerResponse.ok()
                    .contentType(type)
                    .cacheControl(FIVE_MINUTES)
                    .header(PagePolicies.HEADER, PagePolicies.SWAGGER_UI)
                    .bodyValue(resource);
        });
    }

    /** A file of the one version of Swagger UI on the class path. */
    private static Resource swaggerUi(String name) {
        try {
            var found = new PathMatchingResourcePatternResolver().getResources(SWAGGER_UI + name);
            if (found.length != 1) {
                throw new IllegalStateException("The class path has %d files %s".formatted(found.length, name));
            }
            return found[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
