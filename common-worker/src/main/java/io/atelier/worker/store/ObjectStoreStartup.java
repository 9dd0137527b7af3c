package io.atelier.worker.store;

import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits, before any work is taken, for a store that comes up later than its worker, and has the bucket made. */
public final class ObjectStoreStartup {

    private static final Logger log = LoggerFactory.getLogger(ObjectStoreStartup.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final Duration patience;

    /** @param patience how long to wait */
    public ObjectStoreStartup(ObjectStore store, Duration patience) {
        this.store = store;
        this.patience = patience;
    }

    /**
     * Returns once the store can be used.
     *
     * @throws ObjectStoreFailed if the store refuses, or cannot be reached for too long
     */
    public void await() throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                store.check().join();
                return;
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof ObjectStoreFailed failure)) {
                    throw e;
                }
                if (failure.kind() != ObjectStoreFailed.Kind.UNAVAILABLE || System.nanoTime() - deadline >= 0) {
                    throw failure;
                }
                log.info("Waiting for the object store: {}", failure.getMessage());
            }
            Thread.sleep(PAUSE.toMillis());
        }
    }
}
