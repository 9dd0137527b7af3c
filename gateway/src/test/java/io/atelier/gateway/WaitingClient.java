package io.atelier.gateway;

import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.InMemoryEventPublisher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client whose requests create jobs and wait for them, and the worker of these jobs. */
class WaitingClient {

    static final Duration TIMEOUT = Duration.ofSeconds(30);
    static final JsonMapper JSON = new JsonMapper();

    private final IntSupplier port;
    private final FakeJobs jobs;
    private final AuditedObjectStore store;
    private final InMemoryEventPublisher publisher;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<JobId> earlier = new HashSet<>();

    /** @param port of the gateway, or of a face */
    WaitingClient(IntSupplier port, FakeJobs jobs, AuditedObjectStore store, InMemoryEventPublisher publisher) {
        this.port = port;
        this.jobs = jobs;
        this.store = store;
        this.publisher = publisher;
        publisher.events(GenerationRequested.class).forEach(event -> earlier.add(event.job()));
    }

    URI address(String path) {
        return URI.create("http://127.0.0.1:" + port.getAsInt() + path);
    }

    /** A request with JSON. */
    HttpRequest.Builder json(String path, String body) {
        return HttpRequest.newBuilder(address(path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
    }

    CompletableFuture<HttpResponse<byte[]>> get(String path, String... headers) {
        return send(HttpRequest.newBuilder(address(path)), headers);
    }

    CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request, String... headers) {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The jobs that this client has created, the newest last. */
    List<JobId> created() {
        return publisher.events(GenerationRequested.class).stream()
                .map(GenerationRequested::job)
                .filter(id -> !earlier.contains(id))
                .toList();
    }

    /** The newest job that this client has created. */
    JobId accepted() {
        await().atMost(TIMEOUT).until(() -> !created().isEmpty());
        return created().get(created().size() - 1);
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

    /** Lets the job succeed with these images. */
    void succeed(JobId id, byte[]... images) {
        succeed(id, job -> job, images);
    }

    /** Shows the job once only, because the response may be made from the first state that has ended. */
    void succeed(JobId id, UnaryOperator<JobBuilder> change, byte[]... images) {
        for (int i = 0; i < images.length; i++) {
            store.putImage(SampleJobs.key(id, i), images[i]);
        }
        var job = JobBuilder.of(SampleJobs.as(id, SampleJobs.succeeded(images))).request(requested(id));
        jobs.show(change.apply(job).job());
    }

    /** Lets the job run. */
    void start(JobId id) {
        jobs.show(new JobBuilder(id, Instant.now(), requested(id))
                .state(2, JobStatus.RUNNING, "generating")
                .worker(JobBuilder.WORKER)
                .job());
    }

    /** The job after its end. */
    static Job ended(JobId id, JobStatus status) {
        return SampleJobs.as(id, SampleJobs.in(status));
    }

    static byte[] bytes(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        return JSON.readTree(response.body());
    }
}
