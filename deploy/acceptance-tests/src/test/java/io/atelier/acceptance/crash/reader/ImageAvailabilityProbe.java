package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.HttpApiClient;
import io.atelier.acceptance.crash.reader.ImageReadResult.ExpectedImage;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Downloads each image over HTTP as soon as the event of its success is received. Retries for up to 90 s while a process is down; the first
 * response with an image or a refusal is decisive. Thread-safe.
 */
public final class ImageAvailabilityProbe implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);

    private final HttpApiClient client;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final Map<String, List<CompletableFuture<ImageReadResult>>> reads = new ConcurrentHashMap<>();

    public ImageAvailabilityProbe(HttpApiClient client) {
        this.client = client;
    }

    /** Must be called with each record. */
    public void accept(TopicRecord received) {
        if (!received.topic().equals("events") || !received.is("generation.succeeded")) {
            return;
        }
        var started = new ArrayList<CompletableFuture<ImageReadResult>>();
        for (var image : received.json().get("job").get("images")) {
            int index = started.size();
            var expected = ExpectedImage.of(image);
            started.add(CompletableFuture.supplyAsync(() -> read(received.job(), index, expected), threads));
        }
        reads.merge(received.job(), started, ImageAvailabilityProbe::concat);
    }

    /** The results for the images of a job. Waits for running reads. */
    public List<ImageReadResult> results(String job) {
        return reads.getOrDefault(job, List.of()).stream()
                .map(CompletableFuture::join)
                .toList();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private ImageReadResult read(String job, int index, ExpectedImage expected) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        int firstStatus = -1;
        while (true) {
            var response = attempt(job, index);
            firstStatus = firstStatus < 0 ? response.status : firstStatus;
            boolean decided = response.status > 0 && response.status < 500;
            if (decided || System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                return response.status == 200
                        ? ImageReadResult.success(expected, firstStatus, response.body, null)
                        : ImageReadResult.failure(expected, firstStatus, response.status);
            }
            LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
        }
    }

    private Response attempt(String job, int index) {
        try {
            HttpResponse<byte[]> response = client.image(job, index);
            return new Response(response.statusCode(), response.body());
        } catch (UncheckedIOException e) {
            return new Response(0, new byte[0]);
        }
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static final class Response {
        private final int status;
        private final byte[] body;

        private Response(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }
    }
}
