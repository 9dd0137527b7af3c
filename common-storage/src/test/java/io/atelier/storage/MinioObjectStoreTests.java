package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The S3 store with a server that responds with errors. */
class MinioObjectStoreTests {

    private static final ObjectKey KEY = new ObjectKey("jobs/0.png");

    private final Queue<Integer> statuses = new ArrayDeque<>();

    private HttpServer server;
    private MinioObjectStore store;
    private int requests;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests++;
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(statuses.remove(), -1);
            exchange.close();
        });
        server.start();
        store = store(server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        store.close();
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504, 507})
    void retriesTransientErrors(int status) {
        statuses.addAll(List.of(status, status, 404));

        assertThat(store.find(KEY).join()).isEmpty();
    }

    @Test
    void isUnavailableWhenAllAttemptsFail() {
        statuses.addAll(List.of(503, 503, 503));

        failsWith(ObjectStoreFailed.Kind.UNAVAILABLE, () -> store.find(KEY).join());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 405, 501})
    void doesNotRetryRejectedRequests(int status) {
        statuses.add(status);

        failsWith(ObjectStoreFailed.Kind.REFUSED, () -> store.find(KEY).join());
        assertThat(requests).isOne();
    }

    @Test
    void isUnavailableWithoutAServer() {
        int port = server.getAddress().getPort();
        server.stop(0);

        try (var disconnected = store(port)) {
            failsWith(
                    ObjectStoreFailed.Kind.UNAVAILABLE,
                    () -> disconnected.check().join());
            failsWith(
                    ObjectStoreFailed.Kind.UNAVAILABLE,
                    () -> disconnected.find(KEY).join());
            failsWith(
                    ObjectStoreFailed.Kind.UNAVAILABLE,
                    () -> disconnected.open(KEY, null).join());
            failsWith(
                    ObjectStoreFailed.Kind.UNAVAILABLE,
                    () -> disconnected
                            .put(KEY, new byte[1], "image/png", Map.of())
                            .join());
            assertThatThrownBy(() -> disconnected.find(KEY).join())
                    .hasMessageContaining("http://127.0.0.1:" + port)
                    .hasMessageContaining("could not find jobs/0.png now")
                    .cause()
                    .isInstanceOfSatisfying(
                            ObjectStoreFailed.class,
                            failed -> assertThat(failed.publicMessage())
                                    .isEqualTo("The object store could not find jobs/0.png now."));
        }
    }

    @Test
    void rejectsAnInvalidMediaType() {
        failsWith(
                ObjectStoreFailed.Kind.REFUSED,
                () -> store.put(KEY, new byte[1], "no type", Map.of()).join());
    }

    @Test
    void isUnavailableWhenItIsClosed() {
        store.close();

        failsWith(ObjectStoreFailed.Kind.UNAVAILABLE, () -> store.find(KEY).join());
    }

    private static MinioObjectStore store(int port) {
        return new S3Server(URI.create("http://127.0.0.1:" + port), "access", "a secret").store("atelier");
    }

    private static void failsWith(ObjectStoreFailed.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ObjectStoreFailed.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }
}
