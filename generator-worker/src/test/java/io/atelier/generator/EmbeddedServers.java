package io.atelier.generator;

import io.atelier.embedded.EmbeddedBroker;
import io.atelier.embedded.EmbeddedObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** A broker and an object store for one test class, and the settings for the application. */
final class EmbeddedServers implements AutoCloseable {

    private static final String KEY = "a-test-access-key";
    private static final String SECRET = "a-test-secret-key";

    private final EmbeddedBroker broker;
    private final Path objects;
    private volatile EmbeddedObjectStore store;
    private volatile boolean storeStopped;

    private EmbeddedServers(EmbeddedBroker broker, Path objects) {
        this.broker = broker;
        this.objects = objects;
        this.store = EmbeddedObjectStore.start(objects, 0, KEY, SECRET);
    }

    static EmbeddedServers start(Path folder) {
        return new EmbeddedServers(EmbeddedBroker.start(folder.resolve("broker"), 0), folder.resolve("store"));
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** The settings as command-line arguments. */
    String[] settings() {
        return new String[] {
            "--ATELIER_KAFKA=" + broker.bootstrapServers(),
            "--ATELIER_S3=" + store.endpoint(),
            "--ATELIER_S3_ACCESS_KEY=" + KEY,
            "--ATELIER_S3_SECRET_KEY=" + SECRET,
            "--ATELIER_HTTP_PORT=0",
            "--ATELIER_TEST_CARD=true",
        };
    }

    /** Deletes the bucket with all its objects, as somebody would by mistake. */
    void deleteBucket() throws IOException {
        FileSystemUtils.deleteRecursively(objects.resolve("buckets/atelier"));
    }

    void stopStore() {
        storeStopped = true;
        store.close();
    }

    /** Restarts a stopped store with the same port and the same objects. Does nothing while it runs. */
    void startStoreAgain() {
        if (!storeStopped) {
            return;
        }
        storeStopped = false;
        store = EmbeddedObjectStore.start(objects, store.endpoint().getPort(), KEY, SECRET);
    }

    @Override
    public void close() {
        store.close();
        broker.close();
    }
}
