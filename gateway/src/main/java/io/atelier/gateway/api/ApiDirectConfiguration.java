package io.atelier.gateway.api;

import io.atelier.gateway.api.direct.DirectSubmissionCustomizer;
import io.atelier.gateway.api.direct.DirectSubmissions;
import io.atelier.gateway.api.direct.OpenSubmissions;
import io.atelier.gateway.api.generations.GenerationAssembler;
import io.atelier.gateway.api.problem.RequestIdFilter;
import io.atelier.gateway.api.request.GenerationRequestReader;
import io.atelier.gateway.api.submission.DirectSubmissionService;
import io.atelier.gateway.api.submission.JobSubmissionService;
import io.atelier.gateway.api.submission.SubmissionProperties;
import io.atelier.http.HttpProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** What accepts plain requests for generations before they reach the framework. */
@Configuration(proxyBeanMethods = false)
class ApiDirectConfiguration {

    /** In bytes: larger bodies rarely come in one piece with the head of their request. */
    private static final int MAX_DIRECT_BODY = 65_536;

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
            HttpProperties http,
            RequestIdFilter requestIds,
            MeterRegistry meters) {
        // Found at the first request: the server is created first of all, and submissions wait for the brokers.
        var found = SingletonSupplier.of(submissions::getObject);
        return new DirectSubmissionCustomizer(
                body -> Mono.defer(() -> found.obtain().submit(body)),
                openSubmissions,
                (int) Math.min(MAX_DIRECT_BODY, limits.maxBody().toBytes()),
                http.idleTimeout(),
                requestIds,
                meters);
    }
}
