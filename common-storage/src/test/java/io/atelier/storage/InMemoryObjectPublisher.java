package io.atelier.storage;

import io.atelier.contract.image.Publication;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A publisher in memory, for tests: copies objects of an {@link InMemoryObjectStore}. Completes its futures at once, on the thread of the caller. Can
 * be made to fail.
 */
public final class InMemoryObjectPublisher implements ObjectPublisher {

    private final ObjectStore store;
    private final Map<Publication, StoredObject> copies = new ConcurrentHashMap<>();
    private final AtomicInteger published = new AtomicInteger();

    private final AtomicInteger preparations = new AtomicInteger();

    private volatile @Nullable ObjectStoreFailed outage;
    private volatile @Nullable CompletableFuture<Void> preparation;
    private volatile int before = Integer.MAX_VALUE;
    private volatile Runnable afterEachCopy = () -> {};

    public InMemoryObjectPublisher(ObjectStore store) {
        this.store = store;
    }

    /** Makes all calls fail with this failure until {@link #recover}. */
    public void failWith(ObjectStoreFailed failure) {
        failFrom(0, failure);
    }

    /** Makes all calls fail until {@link #recover}, once so many copies were made. */
    public void failFrom(int copy, ObjectStoreFailed failure) {
        outage = failure;
        before = copy;
    }

    /** Lets {@link #prepare} return this future until {@link #recover}. */
    public void prepareWith(CompletableFuture<Void> future) {
        preparation = future;
    }

    /** The number of calls of {@link #prepare}. */
    public int preparations() {
        return preparations.get();
    }

    /** Ends all failures. */
    public void recover() {
        preparation = null;
        outage = null;
        before = Integer.MAX_VALUE;
    }

    /** Runs something after each copy. */
    public void afterEachCopy(Runnable action) {
        afterEachCopy = action;
    }

    /** The number of copies that were made, overwritten ones included. */
    public int published() {
        return published.get();
    }

    /** The keys of all copies in the bucket, sorted. */
    public SortedSet<String> keys() {
        var keys = new TreeSet<String>();
        copies.keySet().forEach(copy -> keys.add(copy.key()));
        return keys;
    }

    @Override
    public String bucket() {
        return "avatars";
    }

    @Override
    public CompletableFuture<StoredObject> publish(ObjectKey from, ObjectKey to, Map<String, String> metadata) {
        StoredObject.requireMetadata(metadata);
        return call(() -> {
            var source = store.find(from)
                    .join()
                    .orElseThrow(() ->
                            new ObjectStoreFailed(ObjectStoreFailed.Kind.NOT_FOUND, "The store has no " + from + "."));
            var copy = source.copiedTo(to, metadata);
            copies.put(new Publication(bucket(), to.value()), copy);
            published.incrementAndGet();
            afterEachCopy.run();
            return copy;
        });
    }

    @Override
    public CompletableFuture<Optional<StoredObject>> find(Publication copy) {
        return call(() -> Optional.ofNullable(copies.get(copy)));
    }

    @Override
    public CompletableFuture<Void> remove(Publication copy) {
        return call(() -> Optional.ofNullable(copies.remove(copy))).thenAccept(removed -> {});
    }

    @Override
    public CompletableFuture<Void> prepare() {
        preparations.incrementAndGet();
        var given = preparation;
        return given == null ? call(Optional::empty).thenAccept(prepared -> {}) : given;
    }

    private <T> CompletableFuture<T> call(Supplier<T> call) {
        var failure = outage;
        try {
            return failure != null && published.get() >= before
                    ? CompletableFuture.failedFuture(failure)
                    : CompletableFuture.completedFuture(call.get());
        } catch (ObjectStoreFailed e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
