package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.gateway.api.operations.DiskSpace;
import io.atelier.messaging.InMemoryEventPublisher;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A gateway whose disk is nearly full. */
@GatewayHttpTest
class DiskSpaceHttpTests {

    @Autowired
    private WebTestClient client;

    @Autowired
    private AtomicLong freeBytes;

    @Autowired
    private DiskSpace disk;

    @Autowired
    private InMemoryEventPublisher publisher;

    @AfterEach
    void recover() {
        free(Long.MAX_VALUE);
    }

    @Test
    void refusesNewGenerationsUntilThereIsSpace() {
        var id = accepted();
        int published = publisher.events().size();

        free(200L << 20);
        submit().expectStatus()
                .isEqualTo(507)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .valueEquals("Retry-After", "30")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("insufficient-storage")
                .jsonPath("$.retryable")
                .isEqualTo(true)
                .jsonPath("$.detail")
                .value(
                        String.class,
                        detail -> assertThat(detail).contains("200 MB are free", "256 MB", "Free some space"));
        assertThat(publisher.events()).hasSize(published);
        client.get().uri("/v1/generations/" + id).exchange().expectStatus().isOk();

        free(400L << 20);
        accepted();
    }

    @Test
    void saysSoInReadinessAndQueue() {
        free(1L << 20);
        client.get()
                .uri("/readyz")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.checks.disk")
                .isEqualTo(false);
        // The notices follow with the next check of the watch.
        await().untilAsserted(() -> client.get()
                .uri("/v1/queue")
                .exchange()
                .expectBody()
                .jsonPath("$.notices[0]")
                .value(String.class, notice -> assertThat(notice).contains("nearly full")));

        free(Long.MAX_VALUE);
        await().untilAsserted(() -> client.get()
                .uri("/v1/queue")
                .exchange()
                .expectBody()
                .jsonPath("$.notices")
                .doesNotExist());
        client.get().uri("/readyz").exchange().expectStatus().isOk();
    }

    private String accepted() {
        var location = submit().expectStatus()
                .isAccepted()
                .returnResult(String.class)
                .getResponseHeaders()
                .getLocation();
        return String.valueOf(location).replaceAll(".*/", "");
    }

    private WebTestClient.ResponseSpec submit() {
        return client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompt\": \"a snowman\"}")
                .exchange();
    }

    private void free(long bytes) {
        freeBytes.set(bytes);
        disk.measure();
    }
}
