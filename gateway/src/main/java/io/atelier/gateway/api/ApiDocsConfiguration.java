package io.atelier.gateway.api;

import io.atelier.gateway.api.docs.AsyncApiRoutes;
import io.atelier.gateway.api.docs.OpenApiDescription;
import io.atelier.gateway.api.docs.PagePolicies;
import io.atelier.gateway.api.docs.RecordSchemaConverter;
import io.atelier.gateway.api.docs.StartPage;
import io.atelier.gateway.api.docs.TrialExamples;
import io.swagger.v3.oas.models.OpenAPI;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The descriptions of the API and the HTML pages. */
@Configuration(proxyBeanMethods = false)
class ApiDocsConfiguration {

    @Bean
    OpenAPI openApiHeader() {
        return OpenApiDescription.header();
    }

    @Bean
    RecordSchemaConverter recordSchemaConverter() {
        return new RecordSchemaConverter();
    }

    @Bean
    OpenApiCustomizer problemResponses(RecordSchemaConverter records) {
        return OpenApiDescription.problemResponses(records);
    }

    @Bean
    OpenApiCustomizer batchFields() {
        return OpenApiDescription.batchFields();
    }

    @Bean
    TrialExamples trialExamples() {
        return new TrialExamples();
    }

    @Bean
    PagePolicies pagePolicies() {
        return new PagePolicies();
    }

    @Bean
    RouterFunction<ServerResponse> startPage() {
        return StartPage.routes();
    }

    @Bean
    RouterFunction<ServerResponse> openApiRedirect() {
        return OpenApiDescription.redirect();
    }

    @Bean
    RouterFunction<ServerResponse> asyncApiDocument() {
        return AsyncApiRoutes.document();
    }

    @Bean
    RouterFunction<ServerResponse> eventSchemas() {
        return AsyncApiRoutes.schemas();
    }
}
