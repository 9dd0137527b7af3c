package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.CanceledBy;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.EraseRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Worker;
import io.atelier.messaging.InMemoryEventPublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayHttpTest
class CancellationHttpTests {

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private FakeJobs jobs;

    @AfterEach
    void restoreBroker() {
        publisher.comeBack();
    }

    @Test
    void queuedJobIsCanceledAtOnce() {
        var id = queued();

        cancel(id, "{\"reason\": \"user\", \"grace\": \"PT2S\"}")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Cancel-Outcome", "dequeued")
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("canceled")
                .jsonPath("$.cancel.outcome")
                .isEqualTo("dequeued")
                .jsonPath("$.cancel.reason")
                .isEqualTo("user")
                .jsonPath("$.cancel.by")
                .isEqualTo("client");
        assertThat(cancellations(id)).singleElement().satisfies(request -> {
            assertThat(request.grace()).isEqualTo(Duration.ofSeconds(2));
            assertThat(request.by()).isEqualTo(CanceledBy.CLIENT);
        });
    }

    @Test
    void runningJobIsAskedToStopOnce() {
        var id = running();

        for (int i = 0; i < 3; i++) {
            cancel(id, "")
                    .expectStatus()
                    .isAccepted()
                    .expectHeader()
                    .doesNotExist("Cancel-Outcome")
                    .expectBody()
                    .jsonPath("$.status")
                    .isEqualTo("running")
                    .jsonPath("$.stage")
                    .isEqualTo("canceling")
                    .jsonPath("$.cancel.outcome")
                    .isEqualTo(null);
        }
        assertThat(cancellations(id)).hasSize(1);
    }

    @Test
    void endedJobIsNotChangedAndTheResponseSaysThatItWasTooLate() {
        var job = jobs.show(SampleJobs.in(JobStatus.SUCCEEDED));

        cancel(job.id().value(), "")
                .expectStatus()
                .isOk()
                .expectHeader()
                .valueEquals("Cancel-Outcome", "too_late")
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("succeeded")
                .jsonPath("$.cancel")
                .isEqualTo(null);
        assertThat(cancellations(job.id().value())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"grace\": \"5s\"}", "{\"grace\": \"-PT1S\"}", "{\"grace\": \"PT6M\"}", "{\"why\": 1}", "[]"})
    void invalidBodyIsRefused(String body) {
        var id = queued();

        cancel(id, body)
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("validation-failed");
        assertThat(cancellations(id)).isEmpty();
    }

    @Test
    void unknownJobCannotBeCanceled() {
        var id = JobId.create(Instant.parse("2026-01-01T00:00:00Z"), new Random(3))
                .value();

        cancel(id, "").expectStatus().isNotFound();
        delete(id).expectStatus().isNotFound();
    }

    @Test
    void cancellationThatNoBrokerConfirmsMayHappen() {
        var id = queued();
        publisher.goDown();

        cancel(id, "")
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("broker-unavailable")
                .jsonPath("$.detail")
                .value(
                        String.class,
                        detail -> assertThat(detail)
                                .contains("may be carried out all the same", "send it again")
                                .doesNotContain("not accepted"));
    }

    @Test
    void erasedJobIsGone() {
        var id = queued();

        delete(id).expectStatus().isNoContent();

        assertThat(events(id))
                .extracting(JobEvent::getClass)
                .containsExactly(GenerationRequested.class, CancelRequested.class, EraseRequested.class);
        client.get()
                .uri("/v1/generations/" + id)
                .exchange()
                .expectStatus()
                .isEqualTo(410)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("erased");
        delete(id).expectStatus().isNoContent();
        cancel(id, "").expectStatus().isEqualTo(410);
        assertThat(events(id)).hasSize(3);
    }

    @Test
    void runningJobIsErasedOnceItHasStopped() {
        var id = running();

        delete(id).expectStatus().isAccepted().expectBody().jsonPath("$.stage").isEqualTo("canceling");

        publish(new JobEvent.TaskCanceled(
                new JobId(id),
                "generate",
                1,
                Instant.now(),
                new Worker("w", "pocket", "cpu"),
                20L,
                "engine",
                null,
                null,
                null));
        client.get().uri("/v1/generations/" + id).exchange().expectStatus().isEqualTo(410);
    }

    @Test
    void endedJobIsRetriedAsANewJob() {
        var old = jobs.show(SampleJobs.in(JobStatus.FAILED));

        retry(old.id().value())
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.parent_id")
                .isEqualTo(old.id().value())
                .jsonPath("$.status")
                .isEqualTo("queued")
                .jsonPath("$.request.seed")
                .isEqualTo(7);
    }

    @Test
    void jobThatHasNotEndedIsNotRetried() {
        retry(queued())
                .expectStatus()
                .isEqualTo(409)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("not-terminal");
    }

    private String queued() {
        var response = client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompt\": \"a castle\"}")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody(Created.class)
                .returnResult()
                .getResponseBody();
        return Objects.requireNonNull(response).id();
    }

    private String running() {
        var id = queued();
        publish(new TaskStarted(new JobId(id), "generate", 1, Instant.now(), new Worker("w", "pocket", "cpu")));
        return id;
    }

    private void publish(JobEvent event) {
        assertThat(publisher.publish(event)).succeedsWithin(Duration.ofSeconds(5));
    }

    private List<JobEvent> events(String id) {
        return publisher.events().stream()
                .filter(event -> event.job().value().equals(id))
                .toList();
    }

    private List<CancelRequested> cancellations(String id) {
        return publisher.events(CancelRequested.class).stream()
                .filter(event -> event.job().value().equals(id))
                .toList();
    }

    private WebTestClient.ResponseSpec cancel(String id, String body) {
        return client.post()
                .uri("/v1/generations/" + id + "/cancel")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    private WebTestClient.ResponseSpec retry(String id) {
        return client.post().uri("/v1/generations/" + id + "/retry").exchange();
    }

    private WebTestClient.ResponseSpec delete(String id) {
        return client.delete().uri("/v1/generations/" + id).exchange();
    }

    /** The part of a response that these tests read. */
    private record Created(String id) {}
}
