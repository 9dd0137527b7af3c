package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;
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

    @Autowired
    private AuditedObjectStore store;

    @AfterEach
    void recover() {
        jobs.ready(true);
        brokersAnswer.set(true);
        store.memory().recover();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> client.get()
                        .uri("/readyz")
                        .exchange()
                        .expectBody()
                        .jsonPath("$.status")
                        .isEqualTo("ready"));
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
    void gatewayWithoutAUsableStoreIsReadyAndSaysSo() {
        store.memory().failAlways(ObjectStoreFailed.Kind.REFUSED);
        // The last result is kept for two seconds.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> client.get()
                        .uri("/readyz")
                        .exchange()
                        .expectStatus()
                        .isOk()
                        .expectBody()
                        .jsonPath("$.status")
                        .isEqualTo("degraded")
                        .jsonPath("$.checks.object_store")
                        .isEqualTo(false)
                        .jsonPath("$.warnings[0]")
                        .value(text -> assertThat((String) text).contains("store")));
        client.get().uri("/actuator/health").exchange().expectStatus().isEqualTo(503);
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
