package io.atelier.gateway.api.exchange;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.webflux.autoconfigure.WebFluxRegistrations;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/**
 * Refuses query parameters that the operation of a request does not know, before the operation begins: a parameter that were ignored would silently do
 * nothing. Holds for the paths below {@code /v1} that a package has, but for operations with {@link AnyQuery}.
 */
public final class QueryChecks implements WebFluxRegistrations {

    private static final String VERSION = "/v1/";

    private final String controllers;

    /** @param controllers the package whose controllers, also those in packages below it, take no other parameters than they declare */
    public QueryChecks(Package controllers) {
        this.controllers = controllers.getName() + ".";
    }

    @Override
    public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
        return new CheckedMapping(controllers);
    }

    /** Finds the operation of a request, and checks its query. */
    private static final class CheckedMapping extends RequestMappingHandlerMapping {

        private final String controllers;
        private final Map<Method, QueryRule> rules = new ConcurrentHashMap<>();

        CheckedMapping(String controllers) {
            this.controllers = controllers;
        }

        @Override
        protected void handleMatch(RequestMappingInfo mapping, HandlerMethod operation, ServerWebExchange exchange) {
            super.handleMatch(mapping, operation, exchange);
            if (isChecked(mapping, operation) && !CorsUtils.isPreFlightRequest(exchange.getRequest())) {
                rules.computeIfAbsent(operation.getMethod(), QueryRule::of)
                        .check(exchange.getRequest().getQueryParams());
            }
        }

        private boolean isChecked(RequestMappingInfo mapping, HandlerMethod operation) {
            return operation.getBeanType().getName().startsWith(controllers)
                    && !operation.hasMethodAnnotation(AnyQuery.class)
                    && mapping.getPatternsCondition().getPatterns().stream()
                            .anyMatch(pattern -> pattern.getPatternString().startsWith(VERSION));
        }
    }
}
