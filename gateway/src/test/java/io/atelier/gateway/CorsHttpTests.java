package io.atelier.gateway;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A web page of an origin that the settings allow. */
@GatewayHttpTest
@TestPropertySource(properties = "ATELIER_CORS_ORIGINS=https://app.example.org,http://localhost:3000")
class CorsHttpTests {

    private static final String APP = "https://app.example.org";
    private static final String ALLOWED = "Access-Control-Allow-Origin";

    @Autowired
    private WebTestClient client;

    @Test
    void itMaySendEveryRequest() {
        client.options()
                .uri("/v1/generations")
                .header("Origin", APP)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type,idempotency-key,prefer")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals(ALLOWED, APP)
                .expectHeader()
                .valueEquals("Access-Control-Max-Age", "600")
                .expectHeader()
                .doesNotExist("Access-Control-Allow-Credentials");
        client.post()
                .uri("/v1/generations")
                .header("Origin", APP)
                .header("Sec-Fetch-Site", "cross-site")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompt\": \"a castle\"}")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectHeader()
                .valueEquals(ALLOWED, APP);
    }

    @Test
    void itMayReadProblemsToo() {
        client.get()
                .uri("/v1/generations/unknown")
                .header("Origin", "http://localhost:3000")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .valueEquals(ALLOWED, "http://localhost:3000");
    }

    /** A page of the gateway itself, behind a proxy that ends TLS. */
    @Test
    void theGatewaysOwnPageIsNotTakenForAnotherOrigin() {
        client.post()
                .uri("/v1/generations")
                .header("Origin", "https://images.example.org")
                .header("Sec-Fetch-Site", "same-origin")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompt\": \"a castle\"}")
                .exchange()
                .expectStatus()
                .isAccepted();
    }

    @Test
    void otherPagesAreStillRefused() {
        client.post()
                .uri("/v1/generations")
                .header("Origin", "https://evil.example")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompt\": \"a castle\"}")
                .exchange()
                .expectStatus()
                .isForbidden()
                .expectHeader()
                .doesNotExist(ALLOWED);
    }
}
