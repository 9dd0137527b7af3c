package io.atelier.gateway;

import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.messaging.InMemoryEventPublisher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A client of the Intel face with a session of its own, and the workers of its jobs. */
final class IntelFaceClient {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int port;
    private final String session;
    private final FakeJobs jobs;
    private final AuditedObjectStore store;
    private final InMemoryEventPublisher publisher;

    IntelFaceClient(
            int port, String session, FakeJobs jobs, AuditedObjectStore store, InMemoryEventPublisher publisher) {
        this.port = port;
        this.session = session;
        this.jobs = jobs;
        this.store = store;
        this.publisher = publisher;
    }

    HttpResponse<byte[]> get(String path) {
        return send("GET", path, null);
    }

    HttpResponse<byte[]> run(String body, String... headers) {
        return send("POST", "/pipeline/run", body, headers);
    }

    HttpResponse<byte[]> select(String device) {
        return send("POST", "/pipeline/select-device", "{\"device\": \"%s\"}".formatted(device));
    }

    HttpResponse<byte[]> send(String method, String path, @Nullable String body, String... headers) {
        var all = Stream.concat(Stream.of("X-Pipeline-Id", session), Arrays.stream(headers))
                .toArray(String[]::new);
        return sendPlain(method, path, body, all);
    }

    /** Without the header of the session. */
    HttpResponse<byte[]> sendPlain(String method, String path, @Nullable String body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** The id of the job in a response. */
    static JobId job(HttpResponse<byte[]> response) {
        return JobId.parse(response.headers().firstValue("X-Job-Id").orElseThrow())
                .orElseThrow();
    }

    /** Shows the job as one that has succeeded with an image of these bytes. */
    void succeed(JobId id, byte[] image) {
        store.putImage(SampleJobs.key(id, 0), image);
        jobs.show(after(id, SampleJobs.succeeded(image)));
    }

    /** Shows the job as one that has ended in this status, without an image. */
    void end(JobId id, JobStatus status) {
        jobs.show(after(id, SampleJobs.in(status)));
    }

    void start(JobId id) {
        jobs.show(new JobBuilder(id, Instant.now(), request(id))
                .state(2, JobStatus.RUNNING, "generating")
                .worker(JobBuilder.WORKER)
                .job());
    }

    void show(Job job) {
        jobs.show(job);
    }

    /** The job with the request that created it, and its id. */
    Job after(JobId id, Job ended) {
        return JobBuilder.of(SampleJobs.as(id, ended)).request(request(id)).job();
    }

    GenerationRequest request(JobId id) {
        await().until(() -> publisher.events(GenerationRequested.class).stream()
                .anyMatch(event -> event.job().equals(id)));
        return publisher.events(GenerationRequested.class).stream()
                .filter(event -> event.job().equals(id))
                .map(GenerationRequested::request)
                .findFirst()
                .orElseThrow();
    }
}
