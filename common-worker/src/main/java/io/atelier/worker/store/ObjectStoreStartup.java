package io.atelier.worker.store;

import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits, before the first task is leased, for an object store that starts later than its worker. Creates the bucket if it is missing. */
public final class ObjectStoreStartup {

    private static final Logger log = LoggerFactory.getLogger(ObjectStoreStartup.class);

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final Duration timeout;

    /** @param timeout how long to wait */
    public ObjectStoreStartup(ObjectStore store, Duration timeout) {
        this.store = store;
        this.timeout = timeout;
    }

    /**
     * Returns once the store can be used. An interrupt ends the wait at once; Spring interrupts a start that waits when its process is to end.
     *
     * @throws ObjectStoreFailed if the store rejects the request, or is unavailable until the timeout
     */
    public void await() throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            prepare(deadline).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ObjectStoreFailed failure) {
                throw failure;
            }
            throw new IllegalStateException("The object store cannot be prepared", e.getCause());
        }
    }

    private CompletableFuture<Void> prepare(long deadline) {
        return store.prepare().exceptionallyCompose(failure -> {
            var inner = failure.getCause();
            var cause = failure instanceof CompletionException && inner != null ? inner : failure;
            boolean mayReturn = cause instanceof ObjectStoreFailed failed
                    && failed.kind() == ObjectStoreFailed.Kind.UNAVAILABLE
                    && System.nanoTime() - deadline < 0;
            if (!mayReturn) {
                return CompletableFuture.failedFuture(cause);
            }
            log.info("Waiting for the object store: {}", cause.getMessage());
            var later = CompletableFuture.delayedExecutor(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            return CompletableFuture.runAsync(() -> {}, later).thenCompose(done -> prepare(deadline));
        });
    }
}
