package io.atelier.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.atelier.embedded.EmbeddedObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded server stops while a client reads. */
class StoppedServerIT {

    private static final String ACCESS_KEY = "tester";
    private static final String SECRET_KEY = "a secret of tests";
    private static final ObjectKey KEY = new ObjectKey("jobs/0.png");

    /** A slow reader needs six seconds for it. */
    private static final byte[] LARGE = new byte[60 << 20];

    private static final int CHUNK = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void aSlowReaderDoesNotDelayTheStop() throws Exception {
        var server = start(0);
        try (var store = new S3Server(server.endpoint(), ACCESS_KEY, SECRET_KEY).store("atelier")) {
            store.prepare().join();
            store.put(KEY, LARGE, "image/png", Map.of()).join();
            try (var content = store.open(KEY, null).get(30, TimeUnit.SECONDS)) {
                var reading = CompletableFuture.runAsync(() -> readSlowly(content.stream()));

                assertThatCode(server::close).doesNotThrowAnyException();

                assertThat(reading).failsWithin(Duration.ofSeconds(60));
            }
        }
        start(server.endpoint().getPort()).close();
    }

    private EmbeddedObjectStore start(int port) {
        return EmbeddedObjectStore.start(folder, port, ACCESS_KEY, SECRET_KEY);
    }

    /** Fails if the stream ends early. */
    private static void readSlowly(InputStream content) {
        try {
            while (content.readNBytes(CHUNK).length > 0) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
