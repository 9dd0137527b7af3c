package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.InMemoryEventPublisher;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A retry can be repeated safely, as every request that creates a job. */
@GatewayHttpTest
class RetryHttpTests {

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private InMemoryEventPublisher publisher;

    private final String key = UUID.randomUUID().toString();

    @Test
    void sameKeyRetriesOnce() {
        var old = jobs.show(SampleJobs.in(JobStatus.FAILED));

        var first =
                id(retry(old, key).expectStatus().isAccepted().expectHeader().doesNotExist("Idempotency-Replayed"));
        var again = id(
                retry(old, key).expectStatus().isAccepted().expectHeader().valueEquals("Idempotency-Replayed", "true"));

        assertThat(again).isEqualTo(first);
        assertThat(publisher.events(GenerationRequested.class).stream()
                        .filter(event -> old.id().equals(event.request().terms().parent())))
                .hasSize(1);
    }

    @Test
    void sameKeyForAnotherGenerationIsRefused() {
        var first = id(retry(jobs.show(SampleJobs.in(JobStatus.FAILED)), key)
                .expectStatus()
                .isAccepted());

        retry(jobs.show(SampleJobs.in(JobStatus.CANCELED)), key)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("idempotency-key-reused")
                .jsonPath("$.job_id")
                .isEqualTo(first);
    }

    @Test
    void withoutAKeyEachRetryIsANewJob() {
        var old = jobs.show(SampleJobs.in(JobStatus.FAILED));

        assertThat(id(client.post()
                        .uri("/v1/generations/" + old.id() + "/retry")
                        .exchange()))
                .isNotEqualTo(id(client.post()
                        .uri("/v1/generations/" + old.id() + "/retry")
                        .exchange()));
    }

    @Test
    void malformedKeyIsRefused() {
        retry(jobs.show(SampleJobs.in(JobStatus.FAILED)), "\"\"").expectStatus().isBadRequest();
    }

    @Test
    void fieldsAreRefusedBecauseTheyWouldChangeNothing() {
        var old = jobs.show(SampleJobs.in(JobStatus.FAILED));

        client.post()
                .uri("/v1/generations/" + old.id() + "/retry")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"seed\": 5}")
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/seed");
        client.post()
                .uri("/v1/generations/" + old.id() + "/retry")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{}")
                .exchange()
                .expectStatus()
                .isAccepted();
    }

    private WebTestClient.ResponseSpec retry(Job old, String idempotencyKey) {
        return client.post()
                .uri("/v1/generations/" + old.id() + "/retry")
                .header("Idempotency-Key", idempotencyKey)
                .exchange();
    }

    private static String id(WebTestClient.ResponseSpec response) {
        var body = response.expectBody(Created.class).returnResult().getResponseBody();
        return Objects.requireNonNull(body).id();
    }

    /** The part of a response that these tests read. */
    private record Created(String id) {}
}
