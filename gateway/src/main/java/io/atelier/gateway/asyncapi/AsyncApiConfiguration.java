package io.atelier.gateway.asyncapi;

import io.atelier.contract.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Wires the description of the events; all of it is made once, at the start. */
@Configuration(proxyBeanMethods = false)
public final class AsyncApiConfiguration {

    private static final MediaType SCHEMA = new MediaType("application", "schema+json");
    private static final CacheControl FOR_EVER =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();
    private static final CacheControl FOR_A_WHILE =
            CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic();

    @Bean
    RouterFunction<ServerResponse> asyncApi() {
        var document = AsyncApiDocument.create();
        return RouterFunctions.route(
                RequestPredicates.GET("/asyncapi.json"),
                request -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .cacheControl(FOR_A_WHILE)
                        .bodyValue(document));
    }

    /** A version of a schema never changes, so whoever has it need not ask again. */
    @Bean
    RouterFunction<ServerResponse> eventSchemas() {
        var routes = RouterFunctions.route();
        Schemas.versions().stream().map(Schemas::of).flatMap(List::stream).forEach(schema -> {
            var text = schema.text().getBytes(StandardCharsets.UTF_8);
            routes.GET(
                    "/schemas/" + schema.path(),
                    request -> ServerResponse.ok()
                            .contentType(SCHEMA)
                            .cacheControl(FOR_EVER)
                            .bodyValue(text));
        });
        return routes.build();
    }
}
