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

/** What the server tells on its web socket, kept for the one thread that waits for it. Previews are passed over. */
final class WebSocketEvents extends WebSocketListener {

    static final int NORMAL = 1000;

    private static final JsonMapper JSON = new JsonMapper();

    private final BlockingQueue<Event> told = new LinkedBlockingQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile boolean ended;
    private boolean late;

    /** Waits until the server listens, but no longer than that. Whatever it tells before is lost. */
    void awaitBegin(Duration longest) throws InterruptedException {
        late = !begun.await(longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The next event; empty if none comes within that time, or if {@link #wake} was called. */
    Optional<Event> next(Duration longest) throws InterruptedException {
        return Optional.ofNullable(told.poll(longest.toNanos(), TimeUnit.NANOSECONDS))
                .filter(event -> !event.equals(Event.NONE));
    }

    /** Whether nobody may rely on being told. */
    boolean broken() {
        return late || ended;
    }

    /** Has whoever waits look up. */
    void wake() {
        told.add(Event.NONE);
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
        begun.countDown();
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
        try {
            var message = JSON.readTree(text);
            told.add(new Event(message.path("type").asString(""), message.path("data")));
        } catch (JacksonException e) {
            // What is no JSON is for others: extensions of the server tell what they like.
            wake();
        }
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
        socket.close(NORMAL, null);
        end();
    }

    @Override
    public void onFailure(WebSocket socket, Throwable thrown, @Nullable Response response) {
        end();
    }

    private void end() {
        ended = true;
        begun.countDown();
        wake();
    }

    /**
     * Something that the server told.
     *
     * @param type such as {@code progress} or {@code execution_success}
     * @param about what goes with it
     */
    record Event(String type, JsonNode about) {

        private static final Event NONE = new Event("", JsonNodeFactory.instance.missingNode());

        /** Whether it tells that the run has ended, in whatever way. */
        boolean ends(String id) {
            if (!about.path("prompt_id").asString("").equals(id)) {
                return false;
            }
            return switch (type) {
                case "execution_success", "execution_error", "execution_interrupted" -> true;
                case "executing" -> about.path("node").isNull();
                default -> false;
            };
        }
    }
}
