package io.atelier.gateway.api.cache;

import io.atelier.gateway.api.problem.RequestIdFilter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Puts a {@link ResponseCacheHandler} before the server's own handler of each connection. */
public final class ResponseCacheCustomizer implements NettyServerCustomizer {

    private static final String NAME = ResponseCacheHandler.class.getName();

    private final ResponseCache cache;
    private final StateResponses states;
    private final ResponseCacheProperties properties;
    private final RequestIdFilter requestIds;
    private final MeterRegistry meters;

    public ResponseCacheCustomizer(
            ResponseCache cache,
            StateRenderer states,
            ResponseCacheProperties properties,
            RequestIdFilter requestIds,
            MeterRegistry meters) {
        this.cache = cache;
        this.states = new StateResponses(states);
        this.properties = properties;
        this.requestIds = requestIds;
        this.meters = meters;
    }

    @Override
    public HttpServer apply(HttpServer server) {
        if (!cache.isOn()) {
            return server;
        }
        var hits = meters.counter("atelier.responses.cached");
        int maxResponse = (int) Math.min(properties.maxResponse().toBytes(), Integer.MAX_VALUE / 2);
        return server.doOnChannelInit((observer, channel, address) -> channel.pipeline()
                .addBefore(
                        NettyPipeline.HttpTrafficHandler,
                        NAME,
                        new ResponseCacheHandler(
                                cache, states, maxResponse, () -> requestIds.idOr(null), hits::increment)));
    }
}
