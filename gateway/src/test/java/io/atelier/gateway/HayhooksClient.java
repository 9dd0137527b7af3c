package io.atelier.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.faces.listener.FaceListener;
import io.atelier.messaging.InMemoryEventPublisher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the face for clients of hayhooks, and what its requests create. */
final class HayhooksClient {

    static final Duration TIMEOUT = Duration.ofSeconds(30);
    static final JsonMapper JSON = new JsonMapper();
    static final String RUN = "/image_generation/run";

    private final FaceListener listener;
    private final FakeJobs jobs;
    private final AuditedObjectStore store;
    private final InMemoryEventPublisher publisher;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<JobId> known = new HashSet<>();

    HayhooksClient(FaceListener listener, FakeJobs jobs, AuditedObjectStore store, InMemoryEventPublisher publisher) {
        this.listener = listener;
        this.jobs = jobs;
        this.store = store;
        this.publisher = publisher;
        publisher.events(GenerationRequested.class).forEach(event -> known.add(event.job()));
    }

    /** Lets the job succeed with this image. */
    void succeed(JobId id, byte[] image) {
        succeed(id, image, 512, 512);
    }

    /** Lets the job succeed with an image of this size. */
    void succeed(JobId id, byte[] image, int width, int height) {
        var key = SampleJobs.key(id, 0);
        store.putImage(key, image);
        var stored = new StoredImage(
                0,
                StoredImage.Kind.IMAGE,
                key,
                SampleJobs.sha256(image),
                image.length,
                "image/png",
                width,
                height,
                7L,
                null);
        jobs.show(JobBuilder.of(SampleJobs.as(id, SampleJobs.succeeded(image)))
                .request(requested(id))
                .images(List.of(stored), List.of())
                .job());
    }

    /** The request of the newest job. */
    GenerationRequest requested() {
        return requested(accepted());
    }

    GenerationRequest requested(JobId id) {
        return publisher.events(GenerationRequested.class).stream()
                .filter(event -> event.job().equals(id))
                .map(GenerationRequested::request)
                .findFirst()
                .orElseThrow();
    }

    /** The id of the newest job that this client has created. */
    JobId accepted() {
        await().atMost(TIMEOUT).until(() -> !created().isEmpty());
        return created().get(created().size() - 1);
    }

    /** The jobs that this client has created. */
    List<JobId> created() {
        return publisher.events(GenerationRequested.class).stream()
                .map(GenerationRequested::job)
                .filter(id -> !known.contains(id))
                .toList();
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + listener.port().orElseThrow() + path);
    }

    CompletableFuture<HttpResponse<byte[]>> post(String body, String... headers) {
        return send(json(RUN, body), headers);
    }

    CompletableFuture<HttpResponse<byte[]>> get(String path, String... headers) {
        return send(HttpRequest.newBuilder(address(path)), headers);
    }

    /** A request with JSON. */
    HttpRequest.Builder json(String path, String body) {
        return HttpRequest.newBuilder(address(path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
    }

    CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The text at a path, which must exist. */
    String text(String path) throws Exception {
        var response = get(path).get();
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        return JSON.readTree(response.body());
    }
}
