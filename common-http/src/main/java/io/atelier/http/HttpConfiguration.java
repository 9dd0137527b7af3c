package io.atelier.http;

import io.atelier.http.UnreadableRequestRenderer.Rendered;
import io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.server.WebFilter;
import reactor.netty.NettyPipeline;

/** Configures the HTTP listener of a service; a service without a listener has none of these beans. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@EnableConfigurationProperties(HttpProperties.class)
public class HttpConfiguration {

    private static final int AFTER_THE_GUARD = RequestGuard.AFTER_THE_REQUEST_ID + 10;
    private static final Duration PREFLIGHT_TTL = Duration.ofMinutes(10);

    /** Replaces the factory of Spring Boot, which listens on one address. */
    @Bean
    NettyReactiveWebServerFactory webServerFactory(
            ReactorResourceFactory resources,
            ObjectProvider<NettyRouteProvider> routes,
            ObjectProvider<NettyServerCustomizer> customizers) {
        var factory = new LoopbackWebServerFactory();
        factory.setResourceFactory(resources);
        routes.orderedStream().forEach(factory::addRouteProviders);
        factory.getServerCustomizers().addAll(customizers.orderedStream().toList());
        return factory;
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> connectionTimeouts(HttpProperties properties) {
        return factory -> factory.addServerCustomizers(
                server -> server.idleTimeout(properties.idleTimeout()).requestTimeout(properties.requestTimeout()));
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> framingGuard(
            ObjectProvider<UnreadableRequestRenderer> service) {
        var renderer = service.getIfAvailable(() -> HttpConfiguration::rendered);
        return factory -> factory.addServerCustomizers(server -> {
            var faults = new RequestFaults(server.configuration().decoder());
            return server.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .doOnChannelInit((observer, channel, address) -> channel.pipeline()
                            .addAfter(
                                    NettyPipeline.HttpCodec,
                                    FramingGuard.class.getName(),
                                    new FramingGuard(faults, renderer))
                            .addAfter(NettyPipeline.HttpCodec, GracefulClose.class.getName(), new GracefulClose()));
        });
    }

    @Bean
    ListenerFactory listenerFactory(
            ServerProperties server,
            HttpProperties properties,
            ReactorResourceFactory resources,
            WebServerFactoryCustomizer<NettyReactiveWebServerFactory> connectionTimeouts,
            WebServerFactoryCustomizer<NettyReactiveWebServerFactory> framingGuard) {
        return new ListenerFactory(
                server.getAddress(), properties, resources, List.of(connectionTimeouts, framingGuard));
    }

    private static Rendered rendered(UnreadableRequest request) {
        var kind = request.kind();
        var body = new ListenerProblem(kind.status(), kind.code(), kind.title(), request.detail()).body();
        return new Rendered(ListenerProblem.headers(body.length), ByteBuffer.wrap(body));
    }

    @Bean
    AllowedOrigins allowedOrigins(HttpProperties properties) {
        return new AllowedOrigins(new CorsOrigins("ATELIER_CORS_ORIGINS", properties.corsOrigins()));
    }

    @Bean
    RequestGuard requestGuard(ServerProperties server, HttpProperties properties, AllowedOrigins origins) {
        return new RequestGuard(new AllowedHosts(isLoopback(server.getAddress()), properties.hosts()), origins);
    }

    @Bean
    RefusedRequestHandler refusedRequestHandler() {
        return new RefusedRequestHandler();
    }

    @Bean
    SecurityHeaders securityHeaders() {
        return new SecurityHeaders();
    }

    /** Lets pages of the allowed origins read responses. Other origins are none of its business: the guard has refused what it must. */
    @Bean
    @Order(AFTER_THE_GUARD)
    WebFilter corsFilter(AllowedOrigins origins) {
        if (origins.isEmpty()) {
            return (exchange, chain) -> chain.filter(exchange);
        }
        var cors = cors();
        return new CorsWebFilter(
                exchange -> origins.contains(exchange.getRequest().getHeaders().getOrigin()) ? cors : null);
    }

    private static CorsConfiguration cors() {
        var cors = new CorsConfiguration();
        // Only an allowed origin comes here; a pattern makes the response name it.
        cors.addAllowedOriginPattern(CorsConfiguration.ALL);
        cors.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "DELETE"));
        cors.addAllowedHeader(CorsConfiguration.ALL);
        cors.setExposedHeaders(List.of(
                HttpHeaders.CONTENT_DISPOSITION,
                HttpHeaders.CONTENT_LOCATION,
                HttpHeaders.ETAG,
                HttpHeaders.LINK,
                HttpHeaders.LOCATION,
                HttpHeaders.RETRY_AFTER,
                "Cancel-Outcome",
                "Idempotency-Replayed",
                "Preference-Applied",
                "x-request-id"));
        cors.setMaxAge(PREFLIGHT_TTL);
        return cors;
    }

    private static boolean isLoopback(@Nullable InetAddress address) {
        return address != null && address.isLoopbackAddress();
    }
}
