package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.Webhook;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import io.atelier.messaging.WebhookDelivery;
import io.atelier.messaging.WebhookDelivery.Attempt;
import io.atelier.messaging.WebhookDelivery.Status;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Webhooks in requests, and the messages to them. */
@GatewayHttpTest
class WebhookHttpTests {

    private static final String URL = "https://example.org/hooks";
    private static final Instant ENDED = Instant.parse("2026-11-21T10:00:00Z");
    private static final String WEBHOOK = "\"webhook\": {\"url\": \"" + URL + "\", \"events\": [\"failed\"]}";
    private static final Webhook FAILURES = new Webhook(URL, Set.of(JobStatus.FAILED));

    @Autowired
    private WebTestClient client;

    @Autowired
    private InMemoryEventPublisher publisher;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private FakeWebhookDeliveries deliveries;

    @Autowired
    private WorkerRegistry workers;

    @AfterEach
    void restore() {
        publisher.comeBack();
    }

    @Test
    void webhookIsPublishedAndEchoed() {
        var id = create("/v1/generations", "{\"prompt\": \"a castle\", " + WEBHOOK + "}", "$.request.webhook");

        assertThat(requested(id).request().webhook()).isEqualTo(FAILURES);
    }

    @Test
    void withoutAWebhookNoneIsEchoed() {
        client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompt\": \"a castle\"}")
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.request.webhook")
                .doesNotExist();
    }

    @Test
    void eachGenerationOfABatchHasTheWebhook() {
        client.post()
                .uri("/v1/batches")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompts\": [\"one\", \"two\"], " + WEBHOOK + "}")
                .exchange()
                .expectStatus()
                .isAccepted();

        var published = publisher.events(GenerationRequested.class);
        assertThat(published.subList(published.size() - 2, published.size()))
                .extracting(event -> event.request().webhook())
                .containsExactly(FAILURES, FAILURES);
    }

    @Test
    void retryKeepsTheWebhook() {
        var old = show(SampleJobs.in(JobStatus.FAILED));

        var id = create("/v1/generations/" + old.id() + "/retry", "{}", "$.request.webhook");

        assertThat(requested(id).request().webhook()).isEqualTo(FAILURES);
    }

    @Test
    void splitTakesAWebhookOfItsOwnOrThatOfItsParent() {
        workers.put(SampleWorkers.splitter("splitter-1"), Instant.now());
        var parent = show(
                SampleJobs.cut("a grid".getBytes(StandardCharsets.UTF_8), "a tile".getBytes(StandardCharsets.UTF_8)));
        var path = "/v1/generations/" + parent.id() + "/split";

        assertThat(requested(create(path, "{}", "$.request.webhook")).request().webhook())
                .isEqualTo(FAILURES);
        var own = "{\"webhook\": {\"url\": \"https://example.org/other\"}}";
        assertThat(requested(create(path, own, "$.request.webhook")).request().webhook())
                .satisfies(webhook -> assertThat(webhook.url()).isEqualTo("https://example.org/other"))
                .satisfies(webhook -> assertThat(webhook.events()).hasSize(4));
    }

    @Test
    void mistakesAreNamedWithTheirPlaces() {
        client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(
                        "{\"prompt\": \"x\", \"webhook\": {\"url\": \"http://127.0.0.1/\", \"events\": [\"running\"]}}")
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[*].pointer")
                .isEqualTo(List.of("/webhook/url", "/webhook/events"));
    }

    @Test
    void deliveriesAreListedWithTheirAttempts() {
        var job = show(SampleJobs.in(JobStatus.FAILED));
        var delivery = deliveries.add(delivery(job, Status.PENDING));

        list(job.id().value())
                .expectStatus()
                .isOk()
                .expectBody()
                .json("""
                        {"object": "list", "data": [
                          {"id": "%s", "object": "webhook_delivery", "type": "generation.failed",
                           "url": "https://example.org/hooks", "status": "pending", "created_at": "2026-11-21T10:00:00.000Z",
                           "attempts": [{"at": "2026-11-21T10:00:01.000Z", "http_status": 503, "error": "Status 503.", "duration_ms": 84}],
                           "next_attempt_at": "2026-11-21T10:00:06.000Z"}]}""".formatted(delivery.id()))
                .jsonPath("$.data[0].body")
                .doesNotExist();
    }

    @Test
    void generationWithoutMessagesHasAnEmptyList() {
        list(jobs.show(SampleJobs.in(JobStatus.RUNNING)).id().value())
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"object\": \"list\", \"data\": []}");
    }

    @Test
    void redeliveryMakesTheMessagePendingNow() {
        var job = show(SampleJobs.in(JobStatus.FAILED));
        var delivery = deliveries.add(delivery(job, Status.DELIVERED));
        var before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        redeliver(job, delivery.id())
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.id")
                .isEqualTo(delivery.id())
                .jsonPath("$.status")
                .isEqualTo("pending")
                .jsonPath("$.attempts.length()")
                .isEqualTo(1);

        assertThat(publisher.webhookDeliveries()).last().satisfies(published -> {
            assertThat(published).isEqualTo(delivery.pendingAt(Objects.requireNonNull(published.nextAttemptAt())));
            assertThat(published.nextAttemptAt()).isBetween(before, Instant.now());
        });
    }

    @Test
    void otherDeliveriesAreNotFound() {
        var job = show(SampleJobs.in(JobStatus.FAILED));
        var other = deliveries.add(delivery(show(SampleJobs.in(JobStatus.FAILED)), Status.FAILED));

        redeliver(job, other.id()).expectStatus().isNotFound();
        redeliver(job, "none")
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("not-found");
    }

    @Test
    void unknownAndErasedGenerationsHaveNoDeliveries() {
        var unknown = JobId.create(ENDED, new Random(3));
        list(unknown.value()).expectStatus().isNotFound();
        list("gen_1").expectStatus().isNotFound();

        var erased = jobs.show(SampleJobs.erased(false));
        list(erased.id().value()).expectStatus().isEqualTo(410);
        redeliver(erased, "none").expectStatus().isEqualTo(410);
    }

    @Test
    void redeliveryThatBrokersDoNotConfirmIsAProblem() {
        var job = show(SampleJobs.in(JobStatus.FAILED));
        var delivery = deliveries.add(delivery(job, Status.FAILED));
        publisher.goDown();

        redeliver(job, delivery.id())
                .expectStatus()
                .isEqualTo(503)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("broker-unavailable");
    }

    @Test
    void fieldsOfARedeliveryAreRefused() {
        var job = show(SampleJobs.in(JobStatus.FAILED));
        var delivery = deliveries.add(delivery(job, Status.FAILED));

        client.post()
                .uri("/v1/generations/{id}/webhook-deliveries/{delivery}/redeliver", job.id(), delivery.id())
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"url\": \"https://example.org/other\"}")
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].pointer")
                .isEqualTo("/url");
        assertThat(publisher.webhookDeliveries())
                .noneMatch(published -> published.job().equals(job.id()));
    }

    private Job show(Job job) {
        var request = job.request().toBuilder().webhook(FAILURES).build();
        return jobs.show(JobBuilder.of(job).request(request).job());
    }

    private static WebhookDelivery delivery(Job job, Status status) {
        return new WebhookDelivery(
                UUID.randomUUID().toString(),
                job.id(),
                "generation.failed",
                URL,
                "{}",
                null,
                ENDED,
                status,
                List.of(new Attempt(ENDED.plusSeconds(1), 503, "Status 503.", 84)),
                status == Status.PENDING ? ENDED.plusSeconds(6) : null);
    }

    private WebTestClient.ResponseSpec list(String id) {
        return client.get().uri("/v1/generations/" + id + "/webhook-deliveries").exchange();
    }

    private WebTestClient.ResponseSpec redeliver(Job job, String delivery) {
        return client.post()
                .uri("/v1/generations/{id}/webhook-deliveries/{delivery}/redeliver", job.id(), delivery)
                .exchange();
    }

    /** The id of the generation that the request creates, whose JSON has a member at the path. */
    private String create(String path, String body, String member) {
        var response = client.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
        response.expectStatus().isAccepted();
        var location = Objects.requireNonNull(
                response.returnResult(Void.class).getResponseHeaders().getLocation());
        client.get()
                .uri(location.getPath())
                .exchange()
                .expectBody()
                .jsonPath(member + ".url")
                .isNotEmpty()
                .jsonPath(member + ".events")
                .isArray();
        return location.getPath().substring(location.getPath().lastIndexOf('/') + 1);
    }

    private GenerationRequested requested(String id) {
        return publisher.events(GenerationRequested.class).stream()
                .filter(event -> event.job().value().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
