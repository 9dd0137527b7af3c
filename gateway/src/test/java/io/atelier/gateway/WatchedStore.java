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

/** A store in memory that answers on other threads, as real ones do, and watches over its streams. */
final class WatchedStore implements ObjectStore {

    private final InMemoryObjectStore memory = new InMemoryObjectStore();
    private final StreamLedger ledger = new StreamLedger();
    private final AtomicInteger asked = new AtomicInteger();

    InMemoryObjectStore memory() {
        return memory;
    }

    void keep(String key, byte[] bytes) {
        memory.put(new ObjectKey(key), bytes, "image/png", Map.of()).join();
    }

    /** How often an object was opened or tried to. */
    int asked() {
        return asked.get();
    }

    /** What became of the streams. */
    StreamLedger streams() {
        return ledger;
    }

    @Override
    public CompletableFuture<StoredObject> put(
            ObjectKey key, byte[] bytes, String mediaType, Map<String, String> notes) {
        return memory.put(key, bytes, mediaType, notes);
    }

    @Override
    public CompletableFuture<Optional<StoredObject>> find(ObjectKey key) {
        return memory.find(key);
    }

    @Override
    public CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range) {
        asked.incrementAndGet();
        return memory.open(key, range)
                .thenApplyAsync(content -> new ObjectContent(ledger.watch(content.stream()), content.length()));
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
    public CompletableFuture<Void> check() {
        return memory.check();
    }
}
