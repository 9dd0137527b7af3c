package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.SseClient.Block;
import io.atelier.gateway.view.progress.LatestProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@GatewayHttpTest
class JobEventHttpTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final JsonMapper JSON = new JsonMapper();

    @LocalServerPort
    private int port;

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private LatestProgress progress;

    private final JobHistoryFixture job = new JobHistoryFixture();

    @Test
    void streamContainsAllEventsOfAJobAndEnds() throws Exception {
        jobs.show(job.at(1));

        try (var stream = open()) {
            assertThat(stream.response().statusCode()).isEqualTo(200);
            assertThat(stream.response().headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(stream.response().headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(stream.next()).isEqualTo(new Block("", "", "", "3000", ""));

            var snapshot = stream.nextEvent();
            assertThat(snapshot.id()).isEqualTo("1");
            assertThat(snapshot.event()).isEqualTo("generation.accepted");
            assertThat(json(snapshot).get("object").stringValue()).isEqualTo("generation");
            assertThat(json(snapshot).get("created_at").isString()).isTrue();

            jobs.show(job.at(2));
            var started = stream.nextEvent();
            assertThat(started.id()).isEqualTo("2");
            assertThat(started.event()).isEqualTo("generation.started");
            assertThat(json(started)).isEqualTo(JSON.readTree("""
                            {"id": "%s", "version": 2, "status": "running", "stage": "generating", "at": "%s", "attempt": 1}""".formatted(
                            job.id(), SampleJobs.time(job.at(2).history().get(1).at()))));

            jobs.show(job.at(JobHistoryFixture.END));
            var rest = stream.rest();
            assertThat(rest).extracting(Block::id).containsExactly("3", "4", "5");
            assertThat(rest)
                    .extracting(Block::event)
                    .containsExactly("generation.retry-scheduled", "generation.started", "generation.succeeded");
            assertThat(json(rest.get(2)).get("object").stringValue()).isEqualTo("generation");
            assertThat(json(rest.get(2)).get("terminal").booleanValue()).isTrue();
        }
    }

    @Test
    void streamShowsThePlaceInTheQueueThenTheRewriteThenTheImageThenTheEnd() throws Exception {
        jobs.clear();
        jobs.show(job.at(1));

        try (var stream = open()) {
            var queued = stream.nextEvent();
            assertThat(queued.event()).isEqualTo("generation.accepted");
            assertThat(json(queued).at("/queue/position").intValue()).isEqualTo(1);
            assertThat(json(queued).at("/queue/ahead_running").intValue()).isZero();

            jobs.show(job.at(2));
            assertThat(json(stream.nextEvent()).get("stage").stringValue()).isEqualTo("generating");
            progress.publish(new TaskProgress(job.id(), "generate", 1, Instant.now(), "enhance", 0, 1));
            assertThat(json(stream.nextEvent()).get("phase").stringValue()).isEqualTo("enhance");
            post(1);
            assertThat(json(stream.nextEvent()).get("phase").stringValue()).isEqualTo("denoise");

            jobs.show(job.at(JobHistoryFixture.END));
            var last = stream.rest();
            assertThat(last.get(last.size() - 1).event()).isEqualTo("generation.succeeded");
            assertThat(json(last.get(last.size() - 1)).get("caption").isString())
                    .isTrue();
        }
    }

    @Test
    void streamOfAnEndedJobIsItsSnapshot() throws Exception {
        jobs.show(job.at(JobHistoryFixture.END));

        try (var stream = open()) {
            var all = stream.rest();
            assertThat(all).extracting(Block::id).containsExactly("5");
            assertThat(all).extracting(Block::event).containsExactly("generation.succeeded");
        }
    }

    @Test
    void clientThatReconnectsAtEachVersionReceivesEachEventOnce() throws Exception {
        jobs.show(job.at(1));
        var received = new ArrayList<String>();
        var last = new String[] {};
        while (!received.contains(Integer.toString(JobHistoryFixture.END))) {
            try (var stream = open(last)) {
                received.add(stream.nextEvent().id());
            }
            // While the client is disconnected, the job advances by two versions.
            jobs.show(job.at(Math.min(JobHistoryFixture.END, received.size() + 2)));
            last = new String[] {"Last-Event-ID", received.get(received.size() - 1)};
        }

        assertThat(received).containsExactly("1", "2", "3", "4", "5");
        client.get()
                .uri(path())
                .header("Last-Event-ID", "5")
                .exchange()
                .expectStatus()
                .isNoContent()
                .expectBody()
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void resumedStreamStartsWithTheMissedEvents(int received) throws Exception {
        jobs.show(job.at(JobHistoryFixture.END));
        var expected = List.of("1", "2", "3", "4", "5").subList(received, JobHistoryFixture.END);

        try (var byHeader = open("Last-Event-ID", "" + received);
                var byParameter = SseClient.open(url() + "?last_event_id=" + received);
                var byBoth = SseClient.open(url() + "?last_event_id=4", "Last-Event-ID", "" + received)) {
            assertThat(byHeader.rest()).extracting(Block::id).isEqualTo(expected);
            assertThat(byParameter.rest()).extracting(Block::id).isEqualTo(expected);
            assertThat(byBoth.rest()).extracting(Block::id).isEqualTo(expected);
        }
    }

    @Test
    void clientAheadOfThisGatewayReceivesOnlyLaterEvents() throws Exception {
        jobs.show(job.at(2));

        try (var stream = open("Last-Event-ID", "3")) {
            assertThat(stream.next().retry()).isEqualTo("3000");
            jobs.show(job.at(3));
            jobs.show(job.at(JobHistoryFixture.END));
            assertThat(stream.rest()).extracting(Block::id).containsExactly("4", "5");
        }
        try (var stream = open("Last-Event-ID", "999")) {
            assertThat(stream.response().statusCode()).isEqualTo(204);
        }
    }

    @Test
    void streamAfterAnUnknownVersionEndsWithTheJob() throws Exception {
        jobs.show(job.at(2));

        try (var stream = open("Last-Event-ID", "999")) {
            stream.next();
            jobs.show(job.at(JobHistoryFixture.END));
            assertThat(stream.rest()).isEmpty();
        }
    }

    @Test
    void erasureIsNotInTheStream() throws Exception {
        jobs.show(job.at(2));

        try (var stream = open()) {
            assertThat(stream.nextEvent().id()).isEqualTo("2");
            jobs.show(job.at(JobHistoryFixture.END + 1));
            assertThat(stream.rest()).extracting(Block::id).containsExactly("3", "4", "5");
        }
    }

    @Test
    void jobWithoutAHistoryHasItsCurrentState() throws Exception {
        var old = jobs.show(SampleJobs.in(JobStatus.RUNNING));

        try (var stream = SseClient.open(url(old.id().value()))) {
            var snapshot = stream.nextEvent();
            assertThat(snapshot.id()).isEqualTo("2");
            assertThat(snapshot.event()).isEqualTo("generation.started");
        }
    }

    @Test
    void progressHasNoIdAndOnlyTheLatestIsSent() throws Exception {
        jobs.show(job.at(2));

        try (var stream = open()) {
            assertThat(stream.nextEvent().id()).isEqualTo("2");
            for (int step = 1; step <= 2_000; step++) {
                post(step);
            }
            var sent = new ArrayList<Block>();
            do {
                sent.add(stream.nextEvent());
            } while (json(sent.get(sent.size() - 1)).get("step").intValue() < 2_000);

            // They were posted within about a second, so most are left out.
            assertThat(sent).hasSizeLessThan(50);
            assertThat(sent).extracting(Block::event).containsOnly("generation.progress");
            assertThat(sent).extracting(Block::id).containsOnly("");
            assertThat(json(sent.get(sent.size() - 1))).isEqualTo(JSON.readTree("""
                            {"id": "%s", "version": 2, "fraction": 1.0, "step": 2000, "steps": 2000, "phase": "denoise"}""".formatted(job.id())));
        }
    }

    @Test
    void streamSendsHeartbeats() throws Exception {
        jobs.show(job.at(2));

        try (var stream = open()) {
            assertThat(stream.nextEvent().id()).isEqualTo("2");
            assertThat(stream.next()).isEqualTo(new Block("", "", "", "", "hb"));
        }
    }

    @Test
    void disconnectedClientLeavesNoSubscriber() throws Exception {
        jobs.show(job.at(2));
        await().atMost(TIMEOUT).until(() -> jobs.followers() == 0);

        var streams = new ArrayList<SseClient>();
        for (int i = 0; i < 20; i++) {
            streams.add(open());
        }
        for (var stream : streams) {
            stream.nextEvent();
        }
        assertThat(jobs.followers()).isEqualTo(20);
        assertThat(progress.subscribers()).isEqualTo(20);
        for (var stream : streams) {
            stream.close();
        }

        await().atMost(TIMEOUT).until(() -> jobs.followers() == 0 && progress.subscribers() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"three", "-1", "1.5", "12345678901", "1;DROP"})
    void malformedLastIdIsRefused(String id) {
        jobs.show(job.at(2));

        client.get()
                .uri(path())
                .header("Last-Event-ID", id)
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("validation-failed");
    }

    @Test
    void erasedJobHasNoStream() {
        jobs.show(job.at(JobHistoryFixture.END + 1));

        client.get()
                .uri(path())
                .exchange()
                .expectStatus()
                .isEqualTo(410)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("erased");
    }

    @Test
    void unknownJobHasNoStream() {
        client.get()
                .uri("/v1/generations/{id}/events", JobId.create(Instant.EPOCH, new Random()))
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("not-found");
    }

    private void post(int step) {
        progress.publish(new TaskProgress(job.id(), "generate", 1, Instant.now(), "denoise", step, 2_000));
    }

    private SseClient open(String... headers) throws Exception {
        return SseClient.open(url(), headers);
    }

    private String path() {
        return "/v1/generations/" + job.id() + "/events";
    }

    private String url() {
        return url(job.id().value());
    }

    private String url(String id) {
        return "http://127.0.0.1:" + port + "/v1/generations/" + id + "/events";
    }

    private static JsonNode json(Block block) {
        return JSON.readTree(block.data());
    }
}
