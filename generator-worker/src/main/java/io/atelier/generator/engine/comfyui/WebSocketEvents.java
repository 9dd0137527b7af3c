package io.atelier.generator.engine.comfyui;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Queues the text events of the server's web socket for one waiting thread. Binary messages, which are previews, are ignored. */
final class WebSocketEvents extends WebSocketListener {

    static final int NORMAL = 1000;

    private static final JsonMapper JSON = new JsonMapper();

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CountDownLatch opened = new CountDownLatch(1);
    private volatile boolean isClosed;
    private boolean openedLate;

    /** Waits until the web socket is open, at most for the timeout. Events from before are lost. */
    void awaitOpen(Duration timeout) throws InterruptedException {
        openedLate = !opened.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The next event; empty if none arrives within the timeout, or if {@link #wake} was called. */
    Optional<Event> next(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS))
                .filter(event -> !event.equals(Event.NONE));
    }

    /** Whether events may be missing, so that the server has to be polled. */
    boolean isUnreliable() {
        return openedLate || isClosed;
    }

    /** Ends the wait in {@link #next}. */
    void wake() {
        events.add(Event.NONE);
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
        opened.countDown();
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
        try {
            var message = JSON.readTree(text);
            events.add(new Event(message.path("type").asString(""), message.path("data")));
        } catch (JacksonException e) {
            // Extensions of the server may send messages in other formats.
            wake();
        } catch (Error e) {
            // OkHttp would not report the end of the socket.
            closed();
            throw e;
        }
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
        socket.close(NORMAL, null);
        closed();
    }

    @Override
    public void onFailure(WebSocket socket, Throwable thrown, @Nullable Response response) {
        closed();
    }

    private void closed() {
        isClosed = true;
        opened.countDown();
        wake();
    }

    /**
     * One event.
     *
     * @param type such as {@code progress} or {@code execution_success}
     * @param data the members of the event
     */
    record Event(String type, JsonNode data) {

        private static final Event NONE = new Event("", JsonNodeFactory.instance.missingNode());

        /** Whether the run has ended, successfully or not. */
        boolean ends(String id) {
            if (!data.path("prompt_id").asString("").equals(id)) {
                return false;
            }
            return switch (type) {
                case "execution_success", "execution_error", "execution_interrupted" -> true;
                case "executing" -> data.path("node").isNull();
                default -> false;
            };
        }
    }
}
