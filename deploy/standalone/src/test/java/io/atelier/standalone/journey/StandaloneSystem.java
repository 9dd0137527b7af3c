package io.atelier.standalone.journey;

import static org.awaitility.Awaitility.await;

import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.store.StoreApplication;
import io.atelier.standalone.system.AtelierSystem;
import io.atelier.standalone.system.SystemPart;
import io.atelier.standalone.system.SystemPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A complete system in this JVM on free ports with the test card, and an HTTP client for it. */
final class StandaloneSystem implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final SystemPlan plan;
    private final AtelierSystem system;
    private final HttpClient http = HttpClient.newHttpClient();

    private StandaloneSystem(SystemPlan plan) {
        this.plan = plan;
        this.system = new AtelierSystem(plan);
    }

    static StandaloneSystem start(Path folder) {
        return start(folder, Map.of());
    }

    /** @param more settings in addition to those of every test */
    static StandaloneSystem start(Path folder, Map<String, String> more) {
        return start(folder, SystemPart.all(), more);
    }

    /** @param parts those that run in this JVM */
    static StandaloneSystem start(Path folder, Set<SystemPart> parts, Map<String, String> more) {
        var settings = new HashMap<>(Map.of(
                "ATELIER_HTTP_PORT",
                "0",
                "ATELIER_HAYHOOKS_PORT",
                "off",
                "ATELIER_INTEL_PORT",
                "off",
                "ATELIER_TEST_CARD",
                "true"));
        settings.putAll(more);
        var plan = SystemPlan.of(parts, new DataFolder(folder).create(), settings);
        var standalone = new StandaloneSystem(plan);
        standalone.system.start();
        return standalone;
    }

    @Override
    public void close() {
        system.close();
    }

    String url() {
        return plan.url();
    }

    /** The URL for clients of hayhooks, of a system that has a port for them. */
    String hayhooksUrl() {
        return plan.hayhooksUrl().orElseThrow();
    }

    /** The URL for clients of Intel's text2image, of a system that has a port for them. */
    String intelUrl() {
        return plan.intelUrl().orElseThrow();
    }

    String kafka() {
        return plan.kafka();
    }

    /** A new S3 client of the system's images. */
    StoreApplication s3Client() {
        return s3Client("atelier");
    }

    StoreApplication s3Client(String bucket) {
        return new StoreApplication(
                plan.s3(), plan.keys().accessKey(), plan.keys().secretKey(), bucket);
    }

    /** Creates a generation and returns the response; fails unless it is 202. */
    JsonNode submit(String body) {
        return submitTo("/v1/generations", body);
    }

    /** Creates a job by another path than that of generations; fails unless the response is 202. */
    JsonNode submitTo(String path, String body) {
        var response = postTo(path, body);
        if (response.statusCode() != 202) {
            throw new AssertionError("Expected 202, got " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    HttpResponse<String> post(String contentType, String body) {
        return post(contentType, HttpRequest.BodyPublishers.ofString(body));
    }

    HttpResponse<String> post(String contentType, HttpRequest.BodyPublisher body) {
        return post("/v1/generations", contentType, body);
    }

    HttpResponse<String> post(String path, String contentType, HttpRequest.BodyPublisher body) {
        return send(request(path).header("Content-Type", contentType).POST(body).build(), BodyHandlers.ofString());
    }

    /** Posts JSON to another path than that of generations. */
    HttpResponse<String> postTo(String path, String json) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    JsonNode generation(String id) {
        return JSON.readTree(send(request("/v1/generations/" + id).build(), BodyHandlers.ofString())
                .body());
    }

    HttpResponse<byte[]> get(String path) {
        return send(request(path).build(), BodyHandlers.ofByteArray());
    }

    /** Waits for the end of a job, whatever it is. */
    JsonNode ended(String id) {
        return await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> generation(id), job -> job.path("terminal").asBoolean(false));
    }

    int cancel(String id) {
        return send(
                        request("/v1/generations/" + id + "/cancel")
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    int delete(String path) {
        return send(request(path).DELETE().build(), BodyHandlers.discarding()).statusCode();
    }

    /** The number of records of each topic except that of the heartbeats: the sum of the end offsets of its partitions. */
    Map<String, Long> records() {
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka()))) {
            var topics = admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith("atelier.") && !name.equals("atelier.workers"))
                    .toList();
            var latest = admin.describeTopics(topics).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
            return admin.listOffsets(latest).all().get().entrySet().stream()
                    .collect(Collectors.groupingBy(
                            end -> end.getKey().topic(),
                            Collectors.summingLong(end -> end.getValue().offset())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(plan.url() + path)).timeout(Duration.ofSeconds(60));
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
