package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Requests that the framework refuses get a problem too, and every response has a request id. */
@GatewayHttpTest
class ProblemHttpTests {

    @Autowired
    private WebTestClient client;

    @LocalServerPort
    private int port;

    @Test
    void unknownPathIsAProblem() {
        client.get()
                .uri("/v1/nothing")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType("application/problem+json")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("not-found")
                .jsonPath("$.instance")
                .isEqualTo("/v1/nothing")
                .jsonPath("$.error.type")
                .isEqualTo("invalid_request_error")
                .jsonPath("$.errors")
                .doesNotExist()
                .jsonPath("$.retry_after")
                .doesNotExist();
    }

    @Test
    void methodThatIsNotAllowedIsAProblemThatNamesTheAllowedOnes() {
        client.method(HttpMethod.DELETE)
                .uri("/v1/models")
                .exchange()
                .expectStatus()
                .isEqualTo(405)
                .expectHeader()
                .valueEquals("Allow", "GET, HEAD, OPTIONS")
                .expectHeader()
                .contentType("application/problem+json")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("method-not-allowed");
    }

    @DisplayName("The path of a verb allows POST only, also where the ids beside it can have slashes")
    @ParameterizedTest
    @CsvSource({
        "GET,    /v1/models/pocket/unload",
        "HEAD,   /v1/models/pocket/unload",
        "DELETE, /v1/models/black-forest-labs%2FFLUX.1-schnell/unload",
        "GET,    /v1/generations/x/cancel"
    })
    void verbIsPostOnly(String method, String path) {
        client.method(HttpMethod.valueOf(method))
                .uri(URI.create("http://127.0.0.1:" + port + path))
                .exchange()
                .expectStatus()
                .isEqualTo(405)
                .expectHeader()
                .valueEquals("Allow", "OPTIONS, POST")
                .expectHeader()
                .contentType("application/problem+json");
    }

    @Test
    void allowListsWhatOptionsLists() {
        for (var path : new String[] {
            "/v1/models", "/v1/models/pocket/unload", "/v1/generations", "/v1/generations/x", "/v1/generations/x/cancel"
        }) {
            var options = Objects.requireNonNull(client.options()
                    .uri(path)
                    .exchange()
                    .expectBody()
                    .returnResult()
                    .getResponseHeaders()
                    .getFirst("Allow"));
            var refused = Objects.requireNonNull(client.patch()
                    .uri(path)
                    .exchange()
                    .expectStatus()
                    .isEqualTo(405)
                    .expectBody()
                    .returnResult()
                    .getResponseHeaders()
                    .getFirst("Allow"));

            assertThat(refused.split(", ?", -1)).containsExactlyInAnyOrder(options.split(", ?", -1));
        }
    }

    @Test
    void headOfAProblemHasNoBody() {
        client.head()
                .uri("/v1/nothing")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType("application/problem+json")
                .expectBody()
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/livez", "/nothing", "/openapi.json", "/actuator/health"})
    void validRequestIdIsReturned(String path) {
        client.get()
                .uri(path)
                .header("X-Request-Id", "order-77/step.2")
                .exchange()
                .expectHeader()
                .valueEquals("x-request-id", "order-77/step.2");
    }

    @Test
    void invalidRequestIdIsReplaced() {
        for (var id : new String[] {"a b", "<script>", "x".repeat(129), ""}) {
            client.get()
                    .uri("/livez")
                    .header("X-Request-Id", id)
                    .exchange()
                    .expectHeader()
                    .valueMatches("x-request-id", "req_[0-9a-f]{24}");
        }
    }
}
