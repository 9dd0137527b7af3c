package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.TaskProgress;
import io.atelier.embedded.EmbeddedBroker;
import io.atelier.embedded.EmbeddedObjectStore;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.EventPublisher;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The complete gateway with a real broker and a real store; the test publishes the worker's reports. */
class GatewayApplicationIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Worker WORKER = new Worker("generator-1", "pocket", "cpu");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static EmbeddedObjectStore server;
    private static ConfigurableApplicationContext gateway;
    private static String url;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        server = EmbeddedObjectStore.start(folder.resolve("store"), 0, "key", "secret-of-the-test");
        gateway = GatewayApplication.application()
                .run(
                        "--ATELIER_KAFKA=" + broker.bootstrapServers(),
                        "--ATELIER_S3=" + server.endpoint(),
                        "--ATELIER_S3_ACCESS_KEY=key",
                        "--ATELIER_S3_SECRET_KEY=secret-of-the-test",
                        "--ATELIER_DATA=" + folder.resolve("data"),
                        "--ATELIER_HTTP_PORT=0");
        url = "http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        server.close();
        broker.close();
    }

    @Test
    void jobGoesFromRequestToImage() throws Exception {
        await().atMost(TIMEOUT).until(() -> get("/readyz").statusCode() == 200);
        gateway.getBean(ObjectStore.class).prepare().join();

        var accepted = post("{\"prompt\": \"a snowman\", \"seed\": 7}");
        assertThat(accepted.statusCode()).isEqualTo(202);
        var address = accepted.headers().firstValue("Location").orElseThrow();
        var id = new JobId(address.substring("/v1/generations/".length()));
        var queued = get(address);
        assertThat(queued.statusCode()).isEqualTo(200);
        assertThat(json(queued).get("status").stringValue()).isEqualTo("queued");
        assertThat(get(address + "/images/0").statusCode()).isEqualTo(409);

        var content = new byte[300_000];
        new Random(1).nextBytes(content);
        var publisher = gateway.getBean(EventPublisher.class);
        publisher
                .publish(new TaskStarted(id, "generate", 1, Instant.now(), WORKER))
                .join();
        await().atMost(TIMEOUT).until(() -> status(address).equals("running"));
        send(new EventCodec("test").record(new TaskProgress(id, "generate", 1, Instant.now(), "denoise", 11, 25)));
        await().atMost(TIMEOUT)
                .until(() -> json(get(address)).at("/progress/step").asInt(0) == 11);
        var image = store(id, content);
        publisher
                .publish(new TaskSucceeded(
                        id,
                        "generate",
                        1,
                        Instant.now(),
                        WORKER,
                        List.of(image),
                        List.of(),
                        200L,
                        null,
                        null,
                        List.of(),
                        null,
                        null,
                        null))
                .join();
        await().atMost(TIMEOUT).until(() -> status(address).equals("succeeded"));

        var whole = bytes(address + "/images/0", "x-unused", "");
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(content);
        var part = bytes(address + "/images/0", "Range", "bytes=-100");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 299_900, 300_000));
        var redirect = get(address + "/images/0?delivery=redirect&disposition=attachment&filename=a");
        assertThat(redirect.statusCode()).isEqualTo(307);
        var link = URI.create(redirect.headers().firstValue("Location").orElseThrow());
        var direct = http.send(
                HttpRequest.newBuilder(link).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(direct.body()).isEqualTo(content);
        assertThat(direct.headers().firstValue("Content-Disposition")).contains("attachment; filename=\"a.png\"");
    }

    private static void send(ProducerRecord<String, byte[]> record) throws Exception {
        Map<String, Object> configs = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        try (var producer = new KafkaProducer<>(configs, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    private static StoredImage store(JobId id, byte[] content) {
        var key = SampleJobs.key(id, 0);
        var stored = gateway.getBean(ObjectStore.class)
                .put(new ObjectKey(key), content, "image/png", Map.of())
                .join();
        return new StoredImage(
                0, StoredImage.Kind.IMAGE, key, stored.sha256(), stored.bytes(), "image/png", 512, 512, 7L, null);
    }

    private String status(String address) throws IOException, InterruptedException {
        return json(get(address)).get("status").stringValue();
    }

    private static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<byte[]> bytes(String path, String header, String value)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT).header(header, value);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + "/v1/generations"))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
