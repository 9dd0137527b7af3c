package io.atelier.gateway.api;

import io.atelier.gateway.api.cache.ResponseCache;
import io.atelier.gateway.api.cache.ResponseCacheCustomizer;
import io.atelier.gateway.api.cache.ResponseCacheProperties;
import io.atelier.gateway.api.cache.StateRenderer;
import io.atelier.gateway.api.direct.DirectSubmissionCustomizer;
import io.atelier.gateway.api.direct.DirectSubmissions;
import io.atelier.gateway.api.direct.OpenSubmissions;
import io.atelier.gateway.api.exchange.AcceptHeaderFilter;
import io.atelier.gateway.api.exchange.ForwardedPrefix;
import io.atelier.gateway.api.exchange.Http10Filter;
import io.atelier.gateway.api.exchange.InstantModule;
import io.atelier.gateway.api.exchange.MediaTypeFilter;
import io.atelier.gateway.api.exchange.QueryChecks;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.problem.RequestIdFilter;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.submission.DirectSubmissionService;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webflux.autoconfigure.WebFluxRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** What holds for every request of the API, whatever its operation. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ResponseCacheProperties.class)
@Import({AcceptHeaderFilter.class, Http10Filter.class, InstantModule.class, MediaTypeFilter.class})
class ApiExchangeConfiguration {

    /** In bytes: larger bodies rarely come in one piece with the head of their request. */
    private static final int MAX_DIRECT_BODY = 65_536;

    /** Its name is the framework's. An operator who lets the framework or the server read all headers of proxies gets theirs instead. */
    @Bean
    @ConditionalOnProperty(name = "server.forward-headers-strategy", havingValue = "none", matchIfMissing = true)
    ForwardedPrefix forwardedHeaderTransformer() {
        return new ForwardedPrefix();
    }

    @Bean
    ResponseCache responseCache(ResponseCacheProperties properties) {
        return new ResponseCache(properties);
    }

    @Bean
    ResponseCacheCustomizer responseCacheCustomizer(
            ResponseCache cache,
            ObjectProvider<StateRenderer> states,
            ResponseCacheProperties properties,
            RequestIdFilter requestIds,
            MeterRegistry meters) {
        // Found at the first request: the server is created first of all, and the renderer waits for the brokers.
        var renderer = SingletonSupplier.of(states::getObject);
        return new ResponseCacheCustomizer(cache, job -> renderer.obtain().render(job), properties, requestIds, meters);
    }

    @Bean
    OpenSubmissions openSubmissions() {
        return new OpenSubmissions();
    }

    @Bean
    DirectSubmissions directSubmissions(
            GenerationRequestReader reader,
            JobSubmissionService submissions,
            GenerationAssembler assembler,
            JsonMapper json,
            Clock clock) {
        return new DirectSubmissionService(reader, submissions, assembler, json, clock);
    }

    @Bean
    DirectSubmissionCustomizer directSubmissionCustomizer(
            ObjectProvider<DirectSubmissions> submissions,
            OpenSubmissions openSubmissions,
            SubmissionProperties limits,
            RequestIdFilter requestIds,
            MeterRegistry meters) {
        // Found at the first request: the server is created first of all, and submissions wait for the brokers.
        var found = SingletonSupplier.of(submissions::getObject);
        return new DirectSubmissionCustomizer(
                body -> Mono.defer(() -> found.obtain().submit(body)),
                openSubmissions,
                (int) Math.min(MAX_DIRECT_BODY, limits.maxBody().toBytes()),
                requestIds,
                meters);
    }

    @Bean
    WebFluxRegistrations queryChecks() {
        return new QueryChecks(ApiConfiguration.class.getPackage());
    }
}
