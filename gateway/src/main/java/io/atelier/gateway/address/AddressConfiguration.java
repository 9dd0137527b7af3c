package io.atelier.gateway.address;

import io.atelier.gateway.problem.ProblemAdvice;
import io.atelier.gateway.problem.RequestIdFilter;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the answer to malformed addresses. */
@Configuration(proxyBeanMethods = false)
public final class AddressConfiguration {

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> malformedAddress(
            ProblemAdvice advice, RequestIdFilter requestIds) {
        return server -> server.addRouteProviders(new MalformedAddress(advice, requestIds));
    }
}
