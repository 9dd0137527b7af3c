package io.atelier.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of server-sent events, which parses the stream by the HTML standard. Each wait fails after 20 s, whether heartbeats come or not. */
final class SseClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Block END = new Block("", "", "", "", "end of stream");

    private final HttpResponse<InputStream> response;
    private final BlockingQueue<Block> blocks = new LinkedBlockingQueue<>();

    private SseClient(HttpResponse<InputStream> response) {
        this.response = response;
        var reader = new Thread(this::read, "event-stream");
        reader.setDaemon(true);
        reader.start();
    }

    /** Opens the stream; headers are names and values in turn. */
    static SseClient open(String url, String... headers) throws IOException, InterruptedException {
        return open(HttpRequest.newBuilder(URI.create(url)), headers);
    }

    static SseClient open(HttpRequest.Builder request, String... headers) throws IOException, InterruptedException {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new SseClient(HttpClient.newHttpClient()
                .send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    HttpResponse<InputStream> response() {
        return response;
    }

    /** Waits for the next block of the stream; fails if none comes or the stream has ended. */
    Block next() throws InterruptedException {
        return next(deadline());
    }

    private Block next(Instant deadline) throws InterruptedException {
        var block = take(deadline);
        if (block.equals(END)) {
            throw new AssertionError("The stream has ended");
        }
        return block;
    }

    /** The next block that is an event with data. */
    Block nextEvent() throws InterruptedException {
        return next(block -> !block.data().isEmpty());
    }

    /** The next block that matches; skips the blocks before it. */
    Block next(Predicate<Block> matches) throws InterruptedException {
        var deadline = deadline();
        var block = next(deadline);
        while (!matches.test(block)) {
            block = next(deadline);
        }
        return block;
    }

    /** All events with data until the stream ends. */
    List<Block> rest() throws InterruptedException {
        var all = new ArrayList<Block>();
        var deadline = deadline();
        for (var block = take(deadline); !block.equals(END); block = take(deadline)) {
            if (!block.data().isEmpty()) {
                all.add(block);
            }
        }
        return all;
    }

    @Override
    public void close() throws IOException {
        response.body().close();
    }

    private static Instant deadline() {
        return Instant.now().plus(TIMEOUT);
    }

    private Block take(Instant deadline) throws InterruptedException {
        @Nullable
        Block block = blocks.poll(Duration.between(Instant.now(), deadline).toMillis(), TimeUnit.MILLISECONDS);
        if (block == null) {
            throw new AssertionError("No block was received within " + TIMEOUT);
        }
        return block;
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            var block = new ArrayList<String>();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    blocks.add(Block.of(block));
                    block.clear();
                } else {
                    block.add(line);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // The test closed the stream.
        }
        blocks.add(END);
    }

    /** The fields between two empty lines; absent fields are empty. */
    record Block(String id, String event, String data, String retry, String comment) {

        static Block of(List<String> lines) {
            return new Block(
                    field(lines, "id"),
                    field(lines, "event"),
                    field(lines, "data"),
                    field(lines, "retry"),
                    field(lines, ""));
        }

        private static String field(List<String> lines, String name) {
            return lines.stream()
                    .filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .reduce((one, other) -> one + "\n" + other)
                    .orElse("");
        }
    }
}
