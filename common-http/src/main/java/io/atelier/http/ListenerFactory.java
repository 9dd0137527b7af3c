package io.atelier.http;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/**
 * Creates listeners of a service beside its own, on the same address, with the same timeouts and the same checks of framing, hosts and origins. They
 * share nothing else with it: each has its own routes and its own form of errors. Thread-safe.
 */
public final class ListenerFactory {

    private static final Duration PREFLIGHT_TTL = Duration.ofMinutes(10);

    private final @Nullable InetAddress address;
    private final HttpProperties properties;
    private final ReactorResourceFactory resources;
    private final List<WebServerFactoryCustomizer<NettyReactiveWebServerFactory>> protections;

    ListenerFactory(
            @Nullable InetAddress address,
            HttpProperties properties,
            ReactorResourceFactory resources,
            List<WebServerFactoryCustomizer<NettyReactiveWebServerFactory>> protections) {
        this.address = address;
        this.properties = properties;
        this.resources = resources;
        this.protections = List.copyOf(protections);
    }

    /**
     * A listener that is not started.
     *
     * @param port to listen on; 0 for any free one
     * @param corsOrigins the origins of web pages that may use it
     * @param handler of its requests
     * @param filters before the checks and the handler, in this order
     * @param errors makes all responses to failures, also to {@link HttpRequestRefused}
     */
    public WebServer listener(
            int port,
            CorsOrigins corsOrigins,
            WebHandler handler,
            List<WebFilter> filters,
            WebExceptionHandler errors) {
        var factory = new LoopbackWebServerFactory();
        factory.setResourceFactory(resources);
        factory.setPort(port);
        if (address != null) {
            factory.setAddress(address);
        }
        factory.setShutdown(Shutdown.GRACEFUL);
        protections.forEach(protection -> protection.customize(factory));
        var origins = new AllowedOrigins(corsOrigins);
        var hosts = new AllowedHosts(address != null && address.isLoopbackAddress(), properties.hosts());
        return factory.getWebServer(WebHttpHandlerBuilder.webHandler(handler)
                .filter(new SecurityHeaders())
                .filters(all -> all.addAll(filters))
                .filter(new RequestGuard(hosts, origins), cors(origins))
                .exceptionHandler(errors)
                .build());
    }

    private static WebFilter cors(AllowedOrigins origins) {
        var cors = new CorsConfiguration();
        // Without credentials every origin gets the same headers, so that caches need not tell them apart.
        cors.addAllowedOrigin(CorsConfiguration.ALL);
        cors.addAllowedMethod(CorsConfiguration.ALL);
        cors.addAllowedHeader(CorsConfiguration.ALL);
        cors.addExposedHeader(CorsConfiguration.ALL);
        cors.setMaxAge(PREFLIGHT_TTL);
        return new CorsWebFilter(exchange ->
                origins.contains(exchange.getRequest().getHeaders().getFirst(HttpHeaders.ORIGIN)) ? cors : null);
    }
}
