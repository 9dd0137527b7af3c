package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.view.workers.WorkerRegistry;
import io.atelier.messaging.InMemoryEventPublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayHttpTest
class QueueHttpTests {

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private WorkerRegistry workers;

    @Autowired
    private InMemoryEventPublisher publisher;

    @BeforeEach
    void forget() {
        jobs.clear();
    }

    @AfterEach
    void restoreWorkers() {
        jobs.clear();
        for (var id : List.of("generator-2", "generator-7", "generator-8", "splitter-1")) {
            remove(id);
        }
        workers.put(SampleWorkers.ready("generator-1", "default", "pocket", "test-card"), Instant.now());
    }

    /** Removes a worker: the registry drops those without a heartbeat for a week. */
    private void remove(String worker) {
        workers.put(SampleWorkers.leaving(worker, "default"), Instant.now().minus(Duration.ofDays(8)));
    }

    @Test
    void jobShowsItsPositionAndEta() {
        observe("test-card", Duration.ofSeconds(6));
        var now = Instant.now();
        for (int i = 5; i > 0; i--) {
            jobs.show(JobsWithoutTimeInId.at(now.minusSeconds(i), JobStatus.QUEUED, "test-card", Map.of()));
        }
        var job = jobs.show(JobsWithoutTimeInId.at(now, JobStatus.QUEUED, "test-card", Map.of()));

        // Five jobs of 6 s in two slots, then the job itself.
        get(job).expectHeader()
                .valueEquals("ETag", "\"1-q6\"")
                .expectHeader()
                .valueEquals("Retry-After", "21")
                .expectBody()
                .jsonPath("$.queue.position")
                .isEqualTo(6)
                .jsonPath("$.queue.ahead")
                .isEqualTo(5)
                .jsonPath("$.queue.eta_seconds")
                .isEqualTo(21)
                .jsonPath("$.queue.eta_confidence")
                .isEqualTo("high")
                .jsonPath("$.queue.lane")
                .isEqualTo("standard")
                .jsonPath("$.queue.pool")
                .isEqualTo("default");

        jobs.show(JobsWithoutTimeInId.running(job, now.minusSeconds(2)));
        get(job).expectHeader()
                .valueEquals("Retry-After", "4")
                .expectBody()
                .jsonPath("$.queue")
                .isEmpty();
    }

    @Test
    void runningJobsAreCountedBesideThePosition() {
        var now = Instant.now();
        var first = jobs.show(JobsWithoutTimeInId.at(now.minusSeconds(3), JobStatus.QUEUED, "test-card", Map.of()));
        var job = jobs.show(JobsWithoutTimeInId.at(now, JobStatus.QUEUED, "test-card", Map.of()));
        assertQueue(job, "\"1-q2\"", 2, 0);

        jobs.show(JobsWithoutTimeInId.running(first, now.minusSeconds(2)));

        // Else a client that waits for a change would not learn of this one.
        assertQueue(job, "\"1-q1r1\"", 1, 1);
    }

    private void assertQueue(Job job, String tag, int position, int aheadRunning) {
        get(job).expectHeader()
                .valueEquals("ETag", tag)
                .expectBody()
                .jsonPath("$.queue.position")
                .isEqualTo(position)
                .jsonPath("$.queue.ahead")
                .isEqualTo(position - 1)
                .jsonPath("$.queue.ahead_running")
                .isEqualTo(aheadRunning);
    }

    @Test
    void unknownEtaIsLeftOut() {
        var job = jobs.show(JobsWithoutTimeInId.at(Instant.now(), JobStatus.QUEUED, "never-seen", Map.of()));

        get(job).expectBody()
                .jsonPath("$.queue.position")
                .isEqualTo(1)
                .jsonPath("$.queue.eta_seconds")
                .doesNotExist()
                .jsonPath("$.queue.eta_confidence")
                .doesNotExist();
    }

    @Test
    void queueShowsItsLengthByPoolAndModel() {
        observe("test-card", Duration.ofSeconds(6));
        var now = Instant.now();
        jobs.show(JobsWithoutTimeInId.at(now.minusSeconds(50), JobStatus.QUEUED, "test-card", Map.of()));
        jobs.show(JobsWithoutTimeInId.at(now.minusSeconds(20), JobStatus.QUEUED, "lost-model", Map.of()));
        jobs.show(
                JobsWithoutTimeInId.running(JobsWithoutTimeInId.at(now, JobStatus.QUEUED, "test-card", Map.of()), now));

        client.get()
                .uri("/v1/queue")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("""
                        {"object": "queue", "queued": 2, "running": 1,
                         "pools": [{"pool": "default", "lane": "standard", "queued": 2, "running": 1, "workers": {"live": 1, "slots": 2}}],
                         "models": [
                           {"model": "pocket", "queued": 0, "running": 0, "workers": {"live": 1, "slots": 2}},
                           {"model": "test-card", "pool": "default", "lane": "standard", "queued": 1, "running": 1,
                            "workers": {"live": 1, "slots": 2}},
                           {"model": "lost-model", "queued": 1, "running": 0, "workers": {"live": 0, "slots": 0}}]}""")
                .jsonPath("$.oldest_seconds")
                .value(Double.class, age -> assertThat(age).isBetween(50.0, 110.0))
                .jsonPath("$.models[2].eta_seconds")
                .doesNotExist()
                .jsonPath("$.models[0].oldest_seconds")
                .doesNotExist();
    }

    @Test
    void emptyQueueShowsTheEtaOfANewJob() {
        observe("test-card", Duration.ofSeconds(6));

        client.get()
                .uri("/v1/queue")
                .exchange()
                .expectBody()
                .jsonPath("$.queued")
                .isEqualTo(0)
                .jsonPath("$.oldest_seconds")
                .doesNotExist()
                .jsonPath("$.pools[0].eta_seconds")
                .isEqualTo(0)
                .jsonPath("$.models[1].eta_seconds")
                .isEqualTo(6);
    }

    @Test
    void workersAreShownWithTheirModels() {
        workers.put(SampleWorkers.splitter("splitter-1"), Instant.now());
        workers.put(SampleWorkers.writing("generator-6", 3), Instant.now().minusSeconds(60));
        workers.put(SampleWorkers.heartbeat("generator-7", 2), Instant.now().minusSeconds(60));
        workers.put(SampleWorkers.heartbeat("generator-8", 2), Instant.now().minus(Duration.ofHours(2)));

        client.get()
                .uri("/v1/workers")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.object")
                .isEqualTo("list")
                .jsonPath("$.data[?(@.id == 'generator-1')].status")
                .isEqualTo("ready")
                .jsonPath("$.data[?(@.id == 'generator-1')].models[0]")
                .isEqualTo("pocket")
                .jsonPath("$.data[?(@.id == 'generator-1')].models[1]")
                .isEqualTo("test-card")
                .jsonPath("$.data[?(@.id == 'generator-1')].slots")
                .isEqualTo(2)
                .jsonPath("$.data[?(@.id == 'splitter-1')].kind")
                .isEqualTo("splitter")
                .jsonPath("$.data[?(@.id == 'generator-7')].status")
                .isEqualTo("lost")
                .jsonPath("$.data[?(@.id == 'generator-6')].running")
                .isEqualTo(0)
                .jsonPath("$.data[?(@.id == 'generator-6')].running_beside_slots")
                .isEqualTo(3)
                .jsonPath("$.data[?(@.id == 'generator-8')]")
                .doesNotExist();
    }

    @Test
    void jobWithoutALiveWorkerIsAcceptedAndWaits() {
        workers.put(SampleWorkers.leaving("generator-1", "default", "pocket", "test-card"), Instant.now());
        client.get()
                .uri("/v1/models/pocket")
                .exchange()
                .expectBody()
                .jsonPath("$.workers.live")
                .isEqualTo(0);

        var response = post("pocket")
                .expectStatus()
                .isAccepted()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("queued")
                .jsonPath("$.stage")
                .isEqualTo("waiting_for_capable_worker")
                .returnResult();
        var location = Objects.requireNonNull(response.getResponseHeaders().getFirst("Location"));
        var waiting = client.get().uri(location).exchange();
        waiting.expectHeader().valueEquals("ETag", "\"1-0w\"");

        workers.put(SampleWorkers.ready("generator-1", "default", "pocket", "test-card"), Instant.now());
        client.get()
                .uri(location)
                .header("If-None-Match", "\"1-0w\"")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.stage")
                .isEqualTo("accepted");
    }

    @Test
    void modelThatNoWorkerEverHadIsRefused() {
        remove("generator-1");
        workers.put(SampleWorkers.ready("generator-2", "default", "pocket"), Instant.now());
        int before = publisher.events(GenerationRequested.class).size();

        post("test-card")
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("x-should-retry", "false")
                .expectHeader()
                .valueEquals("Retry-After", "60")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("no-capable-worker")
                .jsonPath("$.retryable")
                .isEqualTo(false)
                .jsonPath("$.requirements.engine")
                .isEqualTo("test-card")
                .jsonPath("$.requirements.pool")
                .isEqualTo("default")
                .jsonPath("$.requirements.model")
                .isEqualTo("test-card")
                .jsonPath("$.nearest[0].engine")
                .isEqualTo("pocket")
                .jsonPath("$.nearest[0].models[0]")
                .isEqualTo("pocket")
                .jsonPath("$.nearest[0].workers.slots")
                .isEqualTo(2);

        assertThat(publisher.events(GenerationRequested.class)).hasSize(before);
    }

    private void observe(String model, Duration duration) {
        for (int i = 0; i < 30; i++) {
            var job = jobs.show(JobsWithoutTimeInId.at(Instant.now(), JobStatus.QUEUED, model, Map.of()));
            jobs.show(JobsWithoutTimeInId.done(job, Instant.now(), duration));
        }
    }

    private WebTestClient.ResponseSpec post(String model) {
        return client.post()
                .uri("/v1/generations")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"prompt\": \"a snowman\", \"model\": \"" + model + "\"}")
                .exchange();
    }

    private WebTestClient.ResponseSpec get(Job job) {
        return client.get().uri("/v1/generations/{id}", job.id()).exchange();
    }
}
