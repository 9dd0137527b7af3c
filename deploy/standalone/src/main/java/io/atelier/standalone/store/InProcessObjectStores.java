package io.atelier.standalone.store;

import io.atelier.embedded.EmbeddedBucket;
import io.atelier.embedded.EmbeddedObjectStore;
import io.atelier.storage.ObjectLinks;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFactory;
import io.atelier.storage.ObjectStoreFailed;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Gives the applications of this JVM the files of its embedded object store in place of S3 clients. They share its threads. */
public final class InProcessObjectStores implements ObjectStoreFactory, AutoCloseable {

    private final URI server;
    private final Supplier<Optional<EmbeddedObjectStore>> store;
    private final DiskCalls calls = new DiskCalls();

    /**
     * Creates a factory for applications that may be created before the store runs.
     *
     * @param server the address at which the store serves S3 clients
     * @param store the store; empty while it does not run
     */
    public InProcessObjectStores(URI server, Supplier<Optional<EmbeddedObjectStore>> store) {
        this.server = server;
        this.store = store;
    }

    /** A setting may send an application to another server than that of this JVM. */
    @Override
    public Optional<ObjectStore> create(URI address, String bucket, Duration callTimeout, ObjectLinks links) {
        return address.equals(server)
                ? Optional.of(new InProcessObjectStore(bucket, () -> bucket(bucket), calls, callTimeout, links))
                : Optional.empty();
    }

    @Override
    public void close() {
        calls.close();
    }

    private EmbeddedBucket bucket(String name) {
        return store.get()
                .orElseThrow(() -> new ObjectStoreFailed(
                        ObjectStoreFailed.Kind.UNAVAILABLE, "The embedded object store does not run now."))
                .bucket(name);
    }
}
