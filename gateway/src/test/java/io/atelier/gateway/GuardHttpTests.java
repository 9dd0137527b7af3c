package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.JobStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Requests that a web page of another site makes a browser send. */
@GatewayHttpTest
class GuardHttpTests {

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/generations",
                "/v1/models",
                "/v1/events",
                "/docs",
                "/swagger-ui/index.html",
                "/openapi.json",
                "/asyncapi.json",
                "/readyz",
                "/actuator/health",
                "/actuator/prometheus",
                "/nothing"
            })
    void aForeignHostIsAProblem(String path) {
        client.get()
                .uri(path)
                .header("Host", "evil.example:8080")
                .exchange()
                .expectStatus()
                .isEqualTo(421)
                .expectHeader()
                .contentType("application/problem+json")
                .expectHeader()
                .exists("x-request-id")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("misdirected-request")
                .jsonPath("$.detail")
                .value(detail -> assertThat((String) detail)
                        .contains("evil.example:8080")
                        .contains("ATELIER_HTTP_HOSTS"))
                .jsonPath("$.retryable")
                .isEqualTo(false);
    }

    @Test
    void anotherSiteCanNeitherCreateNorCancelNorRetryNorErase() {
        var running = jobs.show(SampleJobs.in(JobStatus.RUNNING));
        var ended = jobs.show(SampleJobs.in(JobStatus.FAILED));
        var requests = List.of(
                client.method(HttpMethod.POST).uri("/v1/generations"),
                client.method(HttpMethod.PUT).uri("/v1/generations/320c3d4d-cc00-4d5b-8ec9-32d5f69181c1"),
                client.method(HttpMethod.POST).uri("/v1/generations/" + running.id() + "/cancel"),
                client.method(HttpMethod.POST).uri("/v1/generations/" + ended.id() + "/retry"),
                client.method(HttpMethod.DELETE).uri("/v1/generations/" + ended.id()));
        for (var request : requests) {
            request.header("Origin", "https://evil.example")
                    .header("Sec-Fetch-Site", "cross-site")
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue("{\"prompt\": \"a castle\"}")
                    .exchange()
                    .expectStatus()
                    .isForbidden()
                    .expectHeader()
                    .contentType("application/problem+json")
                    .expectHeader()
                    .doesNotExist("Access-Control-Allow-Origin")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("cross-site-request")
                    .jsonPath("$.detail")
                    .value(detail -> assertThat((String) detail)
                            .contains("https://evil.example")
                            .contains("ATELIER_CORS_ORIGINS"));
        }
    }

    @Test
    void aPreflightOfAnotherSiteAllowsNothing() {
        client.options()
                .uri("/v1/generations")
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .exchange()
                .expectHeader()
                .doesNotExist("Access-Control-Allow-Origin");
    }
}
