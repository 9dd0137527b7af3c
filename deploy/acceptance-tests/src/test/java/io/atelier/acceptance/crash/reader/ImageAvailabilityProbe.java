package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.HttpApiClient;
import io.atelier.acceptance.crash.reader.ImageReadResult.ExpectedImage;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Downloads each image over HTTP, and its published copy from the store, as soon as the event of its success is received. Retries for up to 90 s while
 * a process is down; the first response with an image or a refusal is decisive. Thread-safe.
 */
public final class ImageAvailabilityProbe implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);

    private final HttpApiClient client;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final StoreReader store;
    private final Map<String, List<CompletableFuture<ImageReadResult>>> reads = new ConcurrentHashMap<>();
    private final Map<String, List<CompletableFuture<ImageReadResult>>> copyReads = new ConcurrentHashMap<>();

    public ImageAvailabilityProbe(HttpApiClient client, StoreReader store) {
        this.client = client;
        this.store = store;
    }

    /** Must be called with each record. */
    public void accept(TopicRecord received) {
        if (!received.topic().equals("events") || !received.is("generation.succeeded")) {
            return;
        }
        var started = new ArrayList<CompletableFuture<ImageReadResult>>();
        var startedCopies = new ArrayList<CompletableFuture<ImageReadResult>>();
        for (var image : received.json().get("job").get("images")) {
            int index = started.size();
            var expected = ExpectedImage.of(image);
            started.add(CompletableFuture.supplyAsync(
                    () -> decisive(() -> image(received.job(), index, expected)), threads));
            PublishedCopy.of(image)
                    .ifPresent(copy -> startedCopies.add(CompletableFuture.supplyAsync(
                            () -> decisive(() -> store.read(copy.bucket(), copy.expected())), threads)));
        }
        reads.merge(received.job(), started, ImageAvailabilityProbe::concat);
        copyReads.merge(received.job(), startedCopies, ImageAvailabilityProbe::concat);
    }

    /** The results for the images of a job. Waits for running reads. */
    public List<ImageReadResult> results(String job) {
        return results(reads, job);
    }

    /** The results for the published copies of a job. Waits for running reads. */
    List<ImageReadResult> copyResults(String job) {
        return results(copyReads, job);
    }

    private static List<ImageReadResult> results(
            Map<String, List<CompletableFuture<ImageReadResult>>> reads, String job) {
        return reads.getOrDefault(job, List.of()).stream()
                .map(CompletableFuture::join)
                .toList();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static ImageReadResult decisive(Supplier<ImageReadResult> attempt) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        var first = attempt.get();
        var last = first;
        while (!isDecisive(last)
                && System.nanoTime() - end < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
            last = attempt.get();
        }
        return last.withFirstStatus(first.firstStatus());
    }

    private static boolean isDecisive(ImageReadResult read) {
        return read.lastStatus() > 0 && read.lastStatus() < 500;
    }

    private ImageReadResult image(String job, int index, ExpectedImage expected) {
        try {
            var response = client.image(job, index);
            return response.statusCode() == 200
                    ? ImageReadResult.success(expected, 200, response.body(), null)
                    : ImageReadResult.failure(expected, response.statusCode(), response.statusCode());
        } catch (UncheckedIOException e) {
            return ImageReadResult.failure(expected, 0, 0);
        }
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
