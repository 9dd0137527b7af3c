package io.atelier.standalone.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.atelier.client.AtelierClient;
import io.atelier.client.AtelierRefused;
import io.atelier.client.GenerationEvents.Event;
import io.atelier.client.GenerationUnsuccessful;
import io.atelier.client.ImageRequest;
import io.atelier.messaging.Topic;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From the request to the image and the event, over real HTTP, a real broker and a real store. */
class StandaloneJourneyIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int FIFTY_MEGABYTES = 50 << 20;

    @TempDir
    private static Path folder;

    private static StandaloneSystem system;

    @BeforeAll
    static void start() {
        system = StandaloneSystem.start(folder);
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @Test
    void generatesAnImageAndPublishesItsEvents() throws IOException {
        var id = system.submit("""
            {"prompt":"a card","model":"test-card","size":"320x240","seed":7}\
            """).path("id").asString();

        var done = awaitEnd(id);

        assertThat(done.path("status").asString()).isEqualTo("succeeded");
        var image = done.path("images").path(0);
        var answer = system.get(image.path("url").asString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(answer.headers().firstValue("ETag").orElseThrow())
                .contains(image.path("sha256").asString());
        var decoded = ImageIO.read(new ByteArrayInputStream(answer.body()));
        assertThat(List.of(decoded.getWidth(), decoded.getHeight())).containsExactly(320, 240);
        assertThat(publishedTypes(id))
                .startsWith("io.atelier.generation.accepted.v1")
                .endsWith("io.atelier.generation.succeeded.v1")
                .doesNotHaveDuplicates();
    }

    @Test
    void splitsAGridIntoTiles() throws IOException {
        var id = system.submit("""
            {"prompt":"four cards grid:2x2","model":"test-card","size":"512x512","grid":{"layout":"2x2"}}\
            """).path("id").asString();

        var done = awaitEnd(id);

        assertThat(done.path("status").asString()).isEqualTo("succeeded");
        assertThat(done.path("images")).hasSize(4);
        for (var tile : done.path("images")) {
            assertThat(tile.path("kind").asString()).isEqualTo("tile");
            var answer = system.get(tile.path("url").asString());
            assertThat(ImageIO.read(new ByteArrayInputStream(answer.body()))).isNotNull();
        }
        var grid = system.get("/v1/generations/" + id + "/images/grid").body();
        assertThat(ImageIO.read(new ByteArrayInputStream(grid)).getWidth()).isEqualTo(512);
    }

    @DisplayName("The Java client creates, follows, fetches, changes, cancels and erases")
    @Test
    void servesTheJavaClient() throws IOException {
        var client = AtelierClient.of(URI.create(system.url()));
        var request = ImageRequest.builder("a card")
                .model("test-card")
                .size(96, 64)
                .seed(7)
                .label("by", "client")
                .build();

        var made = client.generate(request, TIMEOUT);
        var png = client.image(made.id(), 0);
        client.save(made.id(), 0, folder.resolve("client.png"));
        var edited = client.generate(
                ImageRequest.builder("an edit")
                        .model("test-card")
                        .image(made.id(), 0)
                        .file(client.upload(png, "image/png").id())
                        .build(),
                TIMEOUT);
        var slow = client.create(
                ImageRequest.builder("slow delay:30s").model("test-card").build());
        client.cancel(slow.id());

        assertThat(made.labels()).containsEntry("by", "client");
        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(96);
        assertThat(folder.resolve("client.png")).hasBinaryContent(png);
        assertThat(edited.images()).hasSize(1);
        try (var events = client.events(slow.id())) {
            var all = new ArrayList<Event>();
            events.forEach(all::add);
            assertThat(all).last().extracting(Event::type).isEqualTo("generation.canceled");
        }
        assertThatThrownBy(() -> client.await(slow.id(), TIMEOUT)).isInstanceOf(GenerationUnsuccessful.class);
        client.delete(made.id());
        assertThatThrownBy(() -> client.image(made.id(), 0)).isInstanceOf(AtelierRefused.class);
    }

    @Test
    void keepsAnUploadedFileUntilItIsDeleted() throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "png", bytes);

        var first = upload(bytes.toByteArray());
        var again = upload(bytes.toByteArray());

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        var path = first.headers().firstValue("Location").orElseThrow();
        assertThat(new String(system.get(path).body(), StandardCharsets.UTF_8)).isEqualTo(first.body());
        assertThat(system.get(path + "/content").body()).isEqualTo(bytes.toByteArray());

        assertThat(system.delete(path)).isEqualTo(204);
        assertThat(system.get(path).statusCode()).isEqualTo(410);
        assertThat(system.get(path + "/content").statusCode()).isEqualTo(410);
        assertThat(upload(bytes.toByteArray()).statusCode()).isEqualTo(201);
    }

    private static HttpResponse<String> upload(byte[] png) {
        return system.post("/v1/files", "image/png", HttpRequest.BodyPublishers.ofByteArray(png));
    }

    @Test
    void splitsAStoredGridAgain() throws IOException {
        var parent = system.submit("""
            {"prompt":"four cards grid:2x2","model":"test-card","size":"512x512","grid":{"layout":"2x2"}}\
            """).path("id").asString();
        awaitEnd(parent);
        var grid = system.get("/v1/generations/" + parent + "/images/grid").body();
        var before = system.records();

        var accepted = system.postTo(
                "/v1/generations/" + parent + "/split",
                "{\"layout\":\"1x2\",\"trim\":{\"mode\":\"none\",\"inset_px\":6}}");

        assertThat(accepted.statusCode()).isEqualTo(202);
        var id = new JsonMapper().readTree(accepted.body()).path("id").asString();
        var done = awaitEnd(id);
        assertThat(done.path("status").asString()).isEqualTo("succeeded");
        assertThat(done.path("parent_id").asString()).isEqualTo(parent);
        assertThat(done.path("model").isNull()).isTrue();
        assertThat(done.path("images")).hasSize(2);
        assertThat(done.at("/images/1/tile/box/1").asInt()).isEqualTo(6);
        assertThat(done.at("/images/1/tile/box/2").asInt()).isEqualTo(506);
        assertThat(done.at("/grid/cuts/x")).hasSize(1);
        assertThat(done.at("/grid/confidence").asDouble()).isBetween(0.5, 1.0);
        var tile = system.get(done.at("/images/1/url").asString()).body();
        assertThat(ImageIO.read(new ByteArrayInputStream(tile)).getHeight()).isEqualTo(500);
        assertThat(publishedTypes(id))
                .containsExactly(
                        "io.atelier.generation.accepted.v1",
                        "io.atelier.generation.started.v1",
                        "io.atelier.generation.succeeded.v1");
        // No generator worker has a task more; the splitter has one.
        var after = system.records();
        assertThat(after.get(Topic.generationRequested("default")))
                .isEqualTo(before.get(Topic.generationRequested("default")));
        assertThat(after.get(Topic.SPLIT_REQUESTED)).isEqualTo(before.get(Topic.SPLIT_REQUESTED) + 1);

        // The job has a grid of its own.
        system.delete("/v1/generations/" + parent);
        await().atMost(TIMEOUT)
                .until(() ->
                        system.get("/v1/generations/" + parent + "/images/grid").statusCode() == 410);
        assertThat(system.get("/v1/generations/" + id + "/images/grid").body()).isEqualTo(grid);
        assertThat(system.postTo("/v1/generations/" + parent + "/split", "{}").statusCode())
                .isEqualTo(410);
        var single = system.postTo(
                "/v1/grids/split?rows=1&cols=2&trim=strict", "{\"image\":{\"generation\":{\"id\":\"" + id + "\"}}}");
        assertThat(single.statusCode()).isEqualTo(202);
        assertThat(awaitEnd(new JsonMapper().readTree(single.body()).path("id").asString())
                        .path("images"))
                .hasSize(2);
    }

    @Test
    void imageAtAPrivateAddressIsNotSplit() {
        var accepted = system.postTo(
                "/v1/grids/split", "{\"image\":{\"image_url\":\"https://127.0.0.1:1/grid.png?key=secret\"}}");
        assertThat(accepted.statusCode()).isEqualTo(202);

        var done =
                awaitEnd(new JsonMapper().readTree(accepted.body()).path("id").asString());

        assertThat(done.path("status").asString()).isEqualTo("failed");
        assertThat(done.at("/error/code").asString()).isEqualTo("source-unavailable");
        assertThat(done.at("/error/message").asString())
                .isEqualTo("The image at 127.0.0.1: it is in a private network.");
        assertThat(done.at("/request/size").isNull()).isTrue();
    }

    @Test
    void generatesWithTheBuiltInModel() throws IOException {
        var id = system.submit("""
            {"prompt":"a strawberry","seed":1}\
            """).path("id").asString();

        var done = awaitEnd(id);

        assertThat(done.path("status").asString()).isEqualTo("succeeded");
        assertThat(done.path("model").asString()).isEqualTo("pocket");
        var decoded = ImageIO.read(new ByteArrayInputStream(
                system.get("/v1/generations/" + id + "/images/0").body()));
        assertThat(Arrays.stream(decoded.getRGB(
                                0, 0, decoded.getWidth(), decoded.getHeight(), null, 0, decoded.getWidth()))
                        .distinct()
                        .count())
                .isGreaterThan(1_000);
    }

    @Test
    void keepsJobsAndImagesOverARestart() {
        var before = system.submit("""
            {"prompt":"a card","model":"test-card","seed":1}\
            """).path("id").asString();
        var ended = awaitEnd(before);
        var waiting = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            waiting.add(system.submit("""
                {"prompt":"a card delay:2s","model":"test-card"}\
                """).path("id").asString());
        }

        system.close();
        system = StandaloneSystem.start(folder);

        assertThat(system.generation(before)).isEqualTo(ended);
        assertThat(system.get(ended.path("images").path(0).path("url").asString())
                        .statusCode())
                .isEqualTo(200);
        for (var id : waiting) {
            assertThat(awaitEnd(id).path("status").asString()).isEqualTo("succeeded");
            assertThat(publishedTypes(id)).containsOnlyOnce("io.atelier.generation.succeeded.v1");
        }
    }

    @ParameterizedTest(name = "{1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        application/json | 422 | {"prompt":""}
        application/json | 422 | {}
        application/json | 422 | {"prompt":"PROMPT_OF_40000"}
        application/json | 422 | {"prompt":17}
        application/json | 422 | {"prompt":["a fox"]}
        application/json | 422 | {"prompt":"a fox","n":"many"}
        application/json | 422 | {"prompt":"a fox","n":0}
        application/json | 422 | {"prompt":"a fox","seed":1.5}
        application/json | 404 | {"prompt":"a fox","model":"no-such-model"}
        application/json | 422 | {"prompt":"a fox","size":"7x7"}
        application/json | 422 | {"prompt":"a fox","size":"100000x100000"}
        application/json | 422 | {"prompt":"a fox","size":"big"}
        application/json | 422 | {"prompt":"a fox","colour":"red"}
        application/json | 400 | {"prompt":"a fox"
        application/json | 400 | prompt=a fox
        text/plain       | 415 | a fox
        """)
    void refusesInvalidRequestsAndWritesNothing(String contentType, int status, String body) {
        var before = system.records();

        var answer = system.post(contentType, body.replace("PROMPT_OF_40000", "x".repeat(40_000)));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertProblem(answer.body(), status);
        assertThat(system.records()).isEqualTo(before);
    }

    @Test
    void listsTheKnownModelsForAnUnknownOne() {
        var answer = system.post("application/json", """
            {"prompt":"a fox","model":"no-such-model"}\
            """);

        assertThat(answer.body()).contains("pocket", "test-card");
    }

    @Test
    void refusesABodyOfFiftyMegabytes() {
        var before = system.records();

        var answer = system.post("application/json", BodyPublishers.ofInputStream(StandaloneJourneyIT::fiftyMegabytes));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertProblem(answer.body(), 413);
        assertThat(system.records()).isEqualTo(before);
    }

    private static InputStream fiftyMegabytes() {
        var bytes = new byte[FIFTY_MEGABYTES];
        Arrays.fill(bytes, (byte) ' ');
        return new ByteArrayInputStream(bytes);
    }

    private static void assertProblem(String body, int status) {
        var problem = new JsonMapper().readTree(body);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        for (var member : List.of("type", "title", "detail", "code")) {
            assertThat(problem.path(member).asString()).as(member).isNotEmpty();
        }
        assertThat(problem.path("retryable").asBoolean(true)).isFalse();
        assertThat(problem.path("error").path("message").asString()).isNotEmpty();
    }

    private static JsonNode awaitEnd(String id) {
        return await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> system.generation(id), job -> job.path("terminal").asBoolean(false));
    }

    /** The types of all events of a job, in order, as an external subscriber receives them. */
    private static List<String> publishedTypes(String id) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, system.kafka()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            var types = new ArrayList<String>();
            await().atMost(TIMEOUT).until(() -> {
                types.clear();
                types.addAll(events(consumer, id));
                return types.stream().anyMatch(type -> type.contains("succeeded"));
            });
            return types;
        }
    }

    private static List<String> events(KafkaConsumer<String, byte[]> consumer, String id) {
        var partitions = consumer.partitionsFor(Topic.EVENTS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        var types = new ArrayList<String>();
        while (partitions.stream()
                .anyMatch(partition -> consumer.position(partition) < Objects.requireNonNull(ends.get(partition)))) {
            for (var record : consumer.poll(Duration.ofMillis(100))) {
                if (id.equals(record.key())) {
                    types.add(new String(record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8));
                }
            }
        }
        return types;
    }
}
