package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.Client;
import io.atelier.acceptance.crash.reader.ImageRead.Promise;
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
 * Fetches each picture over HTTP the moment it hears that it is there. Where nobody answers, since a process is down, it goes on asking;
 * the first answer that is a picture or a refusal decides. Thread-safe.
 */
public final class Witness implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Client client;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final Map<String, List<CompletableFuture<ImageRead>>> reads = new ConcurrentHashMap<>();

    public Witness(Client client) {
        this.client = client;
    }

    /** To be told of every record. */
    public void hear(ObservedRecord heard) {
        if (!heard.topic().equals("events") || !heard.is("generation.succeeded")) {
            return;
        }
        var started = new ArrayList<CompletableFuture<ImageRead>>();
        for (var image : heard.json().get("job").get("images")) {
            int index = started.size();
            var promise = Promise.of(image);
            started.add(CompletableFuture.supplyAsync(() -> read(heard.job(), index, promise), threads));
        }
        reads.merge(heard.job(), started, Witness::joined);
    }

    /** What came of the reads of a job's pictures. Waits for those that are under way. */
    public List<ImageRead> of(String job) {
        return reads.getOrDefault(job, List.of()).stream()
                .map(CompletableFuture::join)
                .toList();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private ImageRead read(String job, int index, Promise promise) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        int first = -1;
        while (true) {
            var answer = attempt(job, index);
            first = first < 0 ? answer.status : first;
            boolean decided = answer.status > 0 && answer.status < 500;
            if (decided || System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                return answer.status == 200
                        ? ImageRead.some(promise, first, answer.body, null)
                        : ImageRead.none(promise, first, answer.status);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private Answer attempt(String job, int index) {
        try {
            HttpResponse<byte[]> answer = client.image(job, index);
            return new Answer(answer.statusCode(), answer.body());
        } catch (UncheckedIOException e) {
            return new Answer(0, new byte[0]);
        }
    }

    private static <T> List<T> joined(List<T> some, List<T> others) {
        var all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    private static final class Answer {
        private final int status;
        private final byte[] body;

        private Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }
    }
}
