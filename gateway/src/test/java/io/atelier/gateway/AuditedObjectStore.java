package io.atelier.gateway;

import io.atelier.storage.InMemoryObjectStore;
import io.atelier.storage.ObjectContent;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectPage;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.StoredObject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An object store in memory that completes on other threads, as real ones do, and audits the use of its streams. */
final class AuditedObjectStore implements ObjectStore {

    private final InMemoryObjectStore memory = new InMemoryObjectStore();
    private final StreamAudit audit = new StreamAudit();
    private final AtomicInteger opens = new AtomicInteger();
    private volatile CompletableFuture<Void> mayOpen = CompletableFuture.completedFuture(null);
    private volatile Runnable afterPut = () -> {};

    InMemoryObjectStore memory() {
        return memory;
    }

    void putImage(String key, byte[] bytes) {
        memory.put(new ObjectKey(key), bytes, "image/png", Map.of()).join();
    }

    /** The number of calls of {@link #open}. */
    int opens() {
        return opens.get();
    }

    /** Lets {@link #open} wait for a future. */
    void openAfter(CompletableFuture<Void> permission) {
        mayOpen = permission;
    }

    /** Runs an action after each object that is stored from now on. */
    void afterPut(Runnable action) {
        afterPut = action;
    }

    /** The use of the streams of opened objects. */
    StreamAudit streams() {
        return audit;
    }

    @Override
    public CompletableFuture<StoredObject> put(
            ObjectKey key, byte[] bytes, String mediaType, Map<String, String> metadata) {
        return memory.put(key, bytes, mediaType, metadata).whenComplete((stored, failure) -> afterPut.run());
    }

    @Override
    public CompletableFuture<Optional<StoredObject>> find(ObjectKey key) {
        return memory.find(key);
    }

    @Override
    public CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range) {
        opens.incrementAndGet();
        return mayOpen.thenCompose(permitted -> memory.open(key, range))
                .thenApplyAsync(content -> new ObjectContent(audit.audit(content.stream()), content.length()));
    }

    @Override
    public URI link(ObjectKey key, Duration validFor, String contentDisposition) {
        return memory.link(key, validFor, contentDisposition);
    }

    @Override
    public CompletableFuture<Void> delete(ObjectKey key) {
        return memory.delete(key);
    }

    @Override
    public CompletableFuture<ObjectPage> list(String folder, @Nullable String after, int limit) {
        return memory.list(folder, after, limit);
    }

    @Override
    public CompletableFuture<Void> prepare() {
        return memory.prepare();
    }

    @Override
    public CompletableFuture<Void> check() {
        return memory.check();
    }
}
