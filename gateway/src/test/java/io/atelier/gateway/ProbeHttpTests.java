package io.atelier.gateway;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayHttpTest
class ProbeHttpTests {

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private AtomicBoolean brokersAnswer;

    @AfterEach
    void recover() {
        jobs.ready(true);
        brokersAnswer.set(true);
    }

    @Test
    void caughtUpGatewayWithBrokersIsReady() {
        client.get()
                .uri("/readyz")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"status\": \"ready\", \"checks\": {\"view\": true, \"broker\": true, \"accepting\": true}}");
    }

    @Test
    void gatewayWithoutBrokersIsLiveButNotReady() {
        brokersAnswer.set(false);

        expectNotReady("broker");
    }

    @Test
    void gatewayThatHasNotCaughtUpIsLiveButNotReady() {
        jobs.ready(false);

        expectNotReady("view");
    }

    @Test
    void metricsAndHealthAreExposed() {
        client.get().uri("/actuator/health").exchange().expectStatus().isOk();
        client.get().uri("/actuator/prometheus").exchange().expectStatus().isOk();
    }

    private void expectNotReady(String check) {
        client.get()
                .uri("/readyz")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "2")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("not-ready")
                .jsonPath("$.checks." + check)
                .isEqualTo(false);
        client.get().uri("/livez").exchange().expectStatus().isOk();
    }
}
