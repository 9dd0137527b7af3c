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

/** A client of server-sent events: reads the stream as the HTML standard has it. Waits for nothing longer than 20 s, heartbeats or not. */
final class EventStream implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Block END = new Block("", "", "", "", "the end");

    private final HttpResponse<InputStream> answer;
    private final BlockingQueue<Block> blocks = new LinkedBlockingQueue<>();

    private EventStream(HttpResponse<InputStream> answer) {
        this.answer = answer;
        var reader = new Thread(this::read, "event-stream");
        reader.setDaemon(true);
        reader.start();
    }

    /** Asks for the stream; headers are names and values in turn. */
    static EventStream open(String url, String... headers) throws IOException, InterruptedException {
        return open(HttpRequest.newBuilder(URI.create(url)), headers);
    }

    static EventStream open(HttpRequest.Builder request, String... headers) throws IOException, InterruptedException {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new EventStream(HttpClient.newHttpClient()
                .send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    HttpResponse<InputStream> answer() {
        return answer;
    }

    /** The next block of the stream, waiting for it; fails if none comes or the stream has ended. */
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

    /** The next block that is wanted; the others before it are passed over. */
    Block next(Predicate<Block> wanted) throws InterruptedException {
        var deadline = deadline();
        var block = next(deadline);
        while (!wanted.test(block)) {
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
        answer.body().close();
    }

    private static Instant deadline() {
        return Instant.now().plus(PATIENCE);
    }

    private Block take(Instant deadline) throws InterruptedException {
        @Nullable
        Block block = blocks.poll(Duration.between(Instant.now(), deadline).toMillis(), TimeUnit.MILLISECONDS);
        if (block == null) {
            throw new AssertionError("What is waited for did not come within " + PATIENCE);
        }
        return block;
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
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
            // The test closed it.
        }
        blocks.add(END);
    }

    /** What stands between two empty lines; what is not there is empty. */
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
