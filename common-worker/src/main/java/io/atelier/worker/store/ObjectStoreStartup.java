package io.atelier.worker.store;

import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits, before the first task is leased, for an object store that starts later than its worker. Creates the bucket if it is missing. */
public final class ObjectStoreStartup {

    private static final Logger log = LoggerFactory.getLogger(ObjectStoreStartup.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final Duration timeout;

    /** @param timeout how long to wait */
    public ObjectStoreStartup(ObjectStore store, Duration timeout) {
        this.store = store;
        this.timeout = timeout;
    }

    /**
     * Returns once the store can be used.
     *
     * @throws ObjectStoreFailed if the store rejects the request, or is unavailable until the timeout
     */
    public void await() throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            try {
                store.prepare().join();
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
