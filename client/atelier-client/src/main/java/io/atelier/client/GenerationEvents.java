package io.atelier.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The events of a generation as they arrive, each version once and in order, until its end. When the connection breaks, it continues after the last event
 * that arrived. Can be iterated once; iterating blocks. For one thread, except for {@link #close}.
 */
public final class GenerationEvents implements Iterable<GenerationEvents.Event>, AutoCloseable {

    private final Function<@Nullable String, InputStream> opener;
    private final Function<String, JsonNode> json;
    private volatile @Nullable BufferedReader reader;
    private volatile boolean isClosed;
    private @Nullable String lastId;
    private boolean hasEnded;

    /** @param opener opens the stream after the event with this id; from its begin if it is null */
    GenerationEvents(Function<@Nullable String, InputStream> opener, Function<String, JsonNode> json) {
        this.opener = opener;
        this.json = json;
    }

    /**
     * An event.
     *
     * @param type such as {@code generation.progress} or {@code generation.succeeded}; more types may come
     * @param data as the HTTP API describes it
     */
    public record Event(String type, JsonNode data) {

        /** Whether it is the last one. */
        public boolean isTerminal() {
            return data.path("terminal").asBoolean(false);
        }

        /** How far the running task is, from 0 to 1; 0 if the event is no progress. */
        public double fraction() {
            return data.path("fraction").asDouble(0);
        }
    }

    @Override
    public Iterator<Event> iterator() {
        return new Iterator<>() {

            private @Nullable Event next;

            @Override
            public boolean hasNext() {
                if (next == null && !hasEnded) {
                    next = read();
                }
                return next != null;
            }

            @Override
            public Event next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                var event = next;
                next = null;
                return Objects.requireNonNull(event);
            }
        };
    }

    @Override
    public void close() {
        isClosed = true;
        var open = reader;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The next event; null at the end. */
    private @Nullable Event read() {
        boolean isReopened = false;
        while (!isClosed) {
            try {
                var open = reader;
                if (open == null) {
                    open = new BufferedReader(new InputStreamReader(opener.apply(lastId), StandardCharsets.UTF_8));
                    reader = open;
                }
                var event = next(open);
                if (event != null) {
                    hasEnded = event.isTerminal();
                    return event;
                }
                reader = null;
                // The server closes the stream after the last event; a stream that ends before was cut off.
                if (isReopened) {
                    throw new AtelierUnreachable("The stream of events ended before the generation.", null);
                }
                isReopened = true;
            } catch (IOException e) {
                reader = null;
                if (isClosed || isReopened) {
                    break;
                }
                isReopened = true;
            }
        }
        hasEnded = true;
        return null;
    }

    /** The next event of the connection; null at its end. */
    private @Nullable Event next(BufferedReader open) throws IOException {
        String type = "message";
        var data = new StringBuilder();
        for (var line = open.readLine(); line != null; line = open.readLine()) {
            if (line.isEmpty()) {
                if (data.length() > 0) {
                    return new Event(type, json.apply(data.toString()));
                }
                type = "message";
            } else if (line.startsWith("event:")) {
                type = value(line);
            } else if (line.startsWith("id:")) {
                lastId = value(line);
            } else if (line.startsWith("data:")) {
                data.append(data.length() > 0 ? "\n" : "").append(value(line));
            }
        }
        return null;
    }

    private static String value(String line) {
        var value = line.substring(line.indexOf(':') + 1);
        return value.startsWith(" ") ? value.substring(1) : value;
    }
}
