package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.work.PreviewsRequested;
import io.atelier.contract.work.TaskProgress;
import io.atelier.contract.work.TaskProgress.Preview;
import io.atelier.gateway.SseClient.Block;
import io.atelier.gateway.view.progress.LatestProgress;
import io.atelier.messaging.InMemoryEventPublisher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@GatewayHttpTest
class PreviewHttpTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] FILE = {(byte) 0xFF, (byte) 0xD8, 1, 2, 3};

    @LocalServerPort
    private int port;

    @Autowired
    private WebTestClient client;

    @Autowired
    private FakeJobs jobs;

    @Autowired
    private LatestProgress progress;

    @Autowired
    private AuditedObjectStore store;

    @Autowired
    private InMemoryEventPublisher publisher;

    private final JobHistoryFixture job = new JobHistoryFixture();
    private final TaskProgress step = step(job.id());

    @Test
    @DisplayName(
            "A stream with previews has them between the other events, without an id, and the workers are asked for them")
    void previewsAreInTheStream() throws Exception {
        jobs.show(job.at(1));

        try (var stream = open("?previews=true")) {
            assertThat(stream.nextEvent().event()).isEqualTo("generation.accepted");
            assertThat(requests()).isEmpty();
            jobs.show(job.at(2));
            assertThat(stream.nextEvent().event()).isEqualTo("generation.started");
            await().atMost(Duration.ofSeconds(20)).until(() -> requests().size() == 1);
            progress.publish(step);
            assertThat(stream.nextEvent().event()).isEqualTo("generation.progress");
            progress.publish(step.withPreview(store(1, FILE.length)));
            var shown = stream.nextEvent();

            assertThat(shown.event()).isEqualTo("generation.preview");
            assertThat(shown.id()).isEmpty();
            assertThat(json(shown)).isEqualTo(JSON.readTree("""
                    {"id": "%s", "version": 2, "task": "generate", "image": 0, "number": 1, "step": 3, "steps": 8,
                     "width": 64, "height": 48, "media_type": "image/jpeg", "data": "%s"}""".formatted(
                            job.id(), Base64.getEncoder().encodeToString(FILE))));
            var request = requests().get(0);
            assertThat(request.until()).isEqualTo(request.at().plusSeconds(60));

            jobs.show(job.at(JobHistoryFixture.END));
            assertThat(stream.rest()).extracting(Block::id).containsExactly("3", "4", "5");
        }
    }

    @Test
    @DisplayName("A stream that did not ask for previews has none, nor the progress again that names one")
    void otherStreamsHaveNone() throws Exception {
        jobs.show(job.at(2));

        try (var stream = open("?previews=false");
                var plain = open("")) {
            for (var each : List.of(stream, plain)) {
                each.nextEvent();
            }
            progress.publish(step);
            for (var each : List.of(stream, plain)) {
                assertThat(each.nextEvent().event()).isEqualTo("generation.progress");
            }
            progress.publish(step.withPreview(store(1, FILE.length)));
            progress.publish(new TaskProgress(job.id(), "generate", 1, Instant.now(), "denoise", 4, 8)
                    .withPreview(step(1, FILE.length)));
            for (var each : List.of(stream, plain)) {
                assertThat(json(each.nextEvent()).path("step").intValue()).isEqualTo(4);
            }
            jobs.show(job.at(JobHistoryFixture.END));
            for (var each : List.of(stream, plain)) {
                assertThat(each.rest()).extracting(Block::id).containsExactly("3", "4", "5");
            }
        }
        assertThat(requests()).isEmpty();
    }

    @Test
    @DisplayName(
            "A preview that is too large, of another length than announced, or gone is left out; the next one is sent")
    void unusablePreviewsAreLeftOut() throws Exception {
        jobs.show(job.at(2));
        put(1, new byte[Preview.MAX_BYTES + 1]);
        put(2, new byte[Preview.MAX_BYTES + 1]);

        try (var stream = open("?previews=true")) {
            stream.nextEvent();
            int opened = store.opens();
            progress.publish(step.withPreview(step(1, Preview.MAX_BYTES + 1)));
            assertThat(stream.nextEvent().event()).isEqualTo("generation.progress");
            progress.publish(step.withPreview(step(2, FILE.length)));
            awaitOpens(opened + 1);
            progress.publish(step.withPreview(step(3, FILE.length)));
            awaitOpens(opened + 2);
            progress.publish(step.withPreview(store(4, FILE.length)));

            assertThat(json(stream.nextEvent()).path("number").intValue()).isEqualTo(4);
            assertThat(store.opens()).isEqualTo(opened + 3);
        }
    }

    @Test
    @DisplayName("Of previews that come faster than two a second, only the newest are sent")
    void newestPreviewsAreSent() throws Exception {
        jobs.show(job.at(2));

        try (var stream = open("?previews=true")) {
            stream.nextEvent();
            for (int number = 1; number <= 100; number++) {
                progress.publish(step.withPreview(store(number, FILE.length)));
            }
            var numbers = new ArrayList<Integer>();
            do {
                var event = stream.nextEvent();
                if (event.event().equals("generation.preview")) {
                    numbers.add(json(event).path("number").intValue());
                }
            } while (numbers.isEmpty() || numbers.get(numbers.size() - 1) < 100);

            assertThat(numbers).isSorted().doesNotHaveDuplicates().hasSizeLessThan(30);
        }
    }

    @Test
    @DisplayName(
            "All clients of a job share one read of a preview, later ones too; it is forgotten when the last has left")
    void previewIsReadOnceForAllClients() throws Exception {
        jobs.show(job.at(2));
        int opened = store.opens();
        int subscribers = progress.subscribers();

        try (var one = open("?previews=true");
                var two = open("?previews=true")) {
            try (var first = open("?previews=true")) {
                var streams = List.of(first, one, two);
                for (var stream : streams) {
                    stream.nextEvent();
                }
                progress.publish(step.withPreview(store(1, FILE.length)));
                for (var stream : streams) {
                    assertThat(number(stream)).isEqualTo(1);
                }
            }
            try (var late = open("?previews=true")) {
                assertThat(number(late)).isEqualTo(1);
                assertThat(store.opens()).isEqualTo(opened + 1);

                progress.publish(step.withPreview(store(2, FILE.length)));
                for (var stream : List.of(one, two, late)) {
                    assertThat(number(stream)).isEqualTo(2);
                }
                assertThat(store.opens()).isEqualTo(opened + 2);
            }
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> progress.subscribers() <= subscribers);

        try (var again = open("?previews=true")) {
            assertThat(number(again)).isEqualTo(2);
            assertThat(store.opens()).isEqualTo(opened + 3);
        }
    }

    @Test
    @DisplayName(
            "While the store is slow, previews take at most a quarter of the eight downloads; other jobs do without")
    void previewsLeaveDownloadsForImages() throws Exception {
        var others = List.of(new JobHistoryFixture(), new JobHistoryFixture());
        jobs.show(job.at(2));
        others.forEach(other -> jobs.show(other.at(2)));
        var steps = Stream.concat(Stream.of(step), others.stream().map(other -> step(other.id())))
                .toList();
        var permission = new CompletableFuture<Void>();
        store.openAfter(permission);

        try (var one = open("?previews=true");
                var two = open(others.get(0).id(), "?previews=true");
                var three = open(others.get(1).id(), "?previews=true")) {
            var streams = List.of(one, two, three);
            int opened = store.opens();
            for (var stream : streams) {
                stream.nextEvent();
            }
            steps.forEach(each -> progress.publish(each.withPreview(store(each.job(), 1, FILE.length))));
            for (var stream : streams) {
                assertThat(stream.nextEvent().event()).isEqualTo("generation.progress");
            }
            awaitOpens(opened + 2);
            permission.complete(null);
            var later = Flux.interval(Duration.ofMillis(50))
                    .subscribe(tick -> steps.forEach(each ->
                            progress.publish(each.withPreview(store(each.job(), 2 + tick.intValue(), FILE.length)))));

            for (var stream : streams) {
                assertThat(stream.nextEvent().event()).isEqualTo("generation.preview");
            }
            later.dispose();
        } finally {
            permission.complete(null);
            store.openAfter(CompletableFuture.completedFuture(null));
        }
    }

    @DisplayName("The example on the page about HTTP has the lines that are sent")
    @Test
    void exampleHasTheLinesThatAreSent() throws Exception {
        jobs.show(job.at(2));
        var request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/v1/generations/" + job.id() + "/events?previews=true"));
        var response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofLines());

        try (var lines = response.body()) {
            var sent = lines.iterator();
            sent.next();
            progress.publish(step.withPreview(store(1, FILE.length)));
            var line = sent.next();
            while (!line.endsWith("generation.preview")) {
                line = sent.next();
            }
            var beginning = line + "\n" + sent.next().replaceFirst("(?s)gen_.*", "gen_...\"");
            assertThat(Files.readString(Path.of("..", "docs", "http.md"))).contains(beginning);
        }
    }

    @Test
    void anythingButTrueAndFalseIsRefused() {
        jobs.show(job.at(2));

        client.get()
                .uri("/v1/generations/" + job.id() + "/events?previews=yes")
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].parameter")
                .isEqualTo("previews");
    }

    private void awaitOpens(int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> store.opens() == count);
    }

    /** The number of the next preview in a stream. */
    private static int number(SseClient stream) throws InterruptedException {
        return json(stream.next(block -> block.event().equals("generation.preview")))
                .path("number")
                .intValue();
    }

    private static TaskProgress step(JobId job) {
        return new TaskProgress(job, "generate", 1, Instant.now(), "denoise", 3, 8);
    }

    private Preview store(int number, int announced) {
        return store(job.id(), number, announced);
    }

    private Preview store(JobId id, int number, int announced) {
        put(id, number, FILE);
        return step(number, announced);
    }

    private static Preview step(int number, int announced) {
        return new Preview(number, 0, 3, 8, 64, 48, announced);
    }

    private void put(int number, byte[] file) {
        put(job.id(), number, file);
    }

    private void put(JobId id, int number, byte[] file) {
        store.putImage(JobFolder.preview(id, "generate", 1, number), file);
    }

    private List<PreviewsRequested> requests() {
        return publisher.commands().stream()
                .filter(PreviewsRequested.class::isInstance)
                .map(PreviewsRequested.class::cast)
                .filter(request -> request.job().equals(job.id()))
                .toList();
    }

    private SseClient open(String query) throws Exception {
        return open(job.id(), query);
    }

    private SseClient open(JobId id, String query) throws Exception {
        return SseClient.open("http://127.0.0.1:" + port + "/v1/generations/" + id + "/events" + query);
    }

    private static JsonNode json(Block block) {
        return JSON.readTree(block.data());
    }
}
