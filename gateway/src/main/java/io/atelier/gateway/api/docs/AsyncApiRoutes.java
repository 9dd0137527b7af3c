package io.atelier.gateway.api.docs;

import io.atelier.contract.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Serves the AsyncAPI document and the JSON Schemas of the events. Both are built once, at start-up. */
public final class AsyncApiRoutes {

    private static final MediaType SCHEMA = new MediaType("application", "schema+json");
    private static final CacheControl ONE_YEAR =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();
    private static final CacheControl FIVE_MINUTES =
            CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic();

    private AsyncApiRoutes() {}

    /** {@code GET /asyncapi.json}. */
    public static RouterFunction<ServerResponse> document() {
        var document = AsyncApiDocument.create();
        return Retrieval.of(
                "/asyncapi.json",
                request -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .cacheControl(FIVE_MINUTES)
                        .bodyValue(document));
    }

    /** {@code GET /schemas/...}. A released version of a schema never changes, so clients may cache it forever. */
    public static RouterFunction<ServerResponse> schemas() {
        var routes = RouterFunctions.route();
        Schemas.versions().stream().map(Schemas::of).flatMap(List::stream).forEach(schema -> {
            var text = schema.text().getBytes(StandardCharsets.UTF_8);
            routes.add(Retrieval.of(
                    "/schemas/" + schema.path(),
                    request -> ServerResponse.ok()
                            .contentType(SCHEMA)
                            .cacheControl(ONE_YEAR)
                            .bodyValue(text)));
        });
        return routes.build();
    }
}
