package io.atelier.storage;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An object store in memory, for tests. Completes its futures at once, on the thread of the caller. Can be made to fail. */
public final class InMemoryObjectStore implements ObjectStore {

    private final Map<ObjectKey, Entry> objects = new ConcurrentHashMap<>();
    private final Queue<ObjectStoreFailed.Kind> failures = new ConcurrentLinkedQueue<>();
    private final Clock clock;

    private volatile ObjectStoreFailed.@Nullable Kind outage;
    private volatile boolean bucketLost;

    public InMemoryObjectStore() {
        this(Clock.systemUTC());
    }

    /** Creates a store that takes modification times from a clock. */
    public InMemoryObjectStore(Clock clock) {
        this.clock = clock;
    }

    /** Makes the next call fail; each further invocation makes one more call fail. Links never fail. */
    public void failNext(ObjectStoreFailed.Kind kind) {
        failures.add(kind);
    }

    /** Makes all checks fail as without a bucket, until {@link #recover}. */
    public void loseBucket() {
        bucketLost = true;
    }

    /** Makes all calls fail until {@link #recover}. */
    public void failAlways(ObjectStoreFailed.Kind kind) {
        outage = kind;
    }

    /** Ends all failures. */
    public void recover() {
        failures.clear();
        outage = null;
        bucketLost = false;
    }

    /** The keys of all objects, sorted. */
    public SortedSet<String> keys() {
        var keys = new TreeSet<String>();
        objects.keySet().forEach(key -> keys.add(key.value()));
        return keys;
    }

    @Override
    public CompletableFuture<StoredObject> put(
            ObjectKey key, byte[] bytes, String mediaType, Map<String, String> metadata) {
        var copy = bytes.clone();
        // S3 servers return whole seconds.
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var object = StoredObject.of(key, copy, mediaType, metadata);
        return complete(() -> {
            var earlier = objects.putIfAbsent(key, new Entry(object, copy, now));
            return earlier == null ? object : earlier.object;
        });
    }

    @Override
    public CompletableFuture<Optional<StoredObject>> find(ObjectKey key) {
        return complete(() -> Optional.ofNullable(objects.get(key)).map(entry -> entry.object));
    }

    @Override
    public CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range) {
        return complete(() -> {
            var entry = objects.get(key);
            if (entry == null) {
                throw failed(ObjectStoreFailed.Kind.NOT_FOUND);
            }
            return range == null ? entry.content(0, entry.bytes.length) : entry.content(range);
        });
    }

    @Override
    public URI link(ObjectKey key, Duration validFor, String contentDisposition) {
        var disposition = URLEncoder.encode(contentDisposition, StandardCharsets.UTF_8);
        return URI.create("http://memory.invalid/" + key + "?seconds=" + validFor.toSeconds()
                + "&response-content-disposition=" + disposition);
    }

    @Override
    public CompletableFuture<Void> delete(ObjectKey key) {
        return complete(() -> objects.remove(key)).thenAccept(removed -> {});
    }

    @Override
    public CompletableFuture<ObjectPage> list(String folder, @Nullable String after, int limit) {
        ObjectPage.requireListable(folder, limit);
        return complete(() -> {
            var found = objects.values().stream()
                    .filter(entry -> entry.object.key().value().startsWith(folder))
                    .filter(entry -> after == null || entry.object.key().value().compareTo(after) > 0)
                    .sorted(Comparator.comparing(entry -> entry.object.key().value()))
                    .map(entry -> new ObjectPage.Listed(entry.object.key(), entry.object.bytes(), entry.at))
                    .limit(limit + 1L)
                    .toList();
            boolean more = found.size() > limit;
            return new ObjectPage(
                    more ? found.subList(0, limit) : found,
                    more ? found.get(limit - 1).key().value() : null);
        });
    }

    @Override
    public CompletableFuture<Void> prepare() {
        return check();
    }

    @Override
    public CompletableFuture<Void> check() {
        return bucketLost
                ? CompletableFuture.failedFuture(ObjectStoreFailed.missingBucket("memory"))
                : complete(() -> null).thenAccept(done -> {});
    }

    private <T extends @Nullable Object> CompletableFuture<T> complete(Supplier<T> call) {
        var failure = outage == null ? failures.poll() : outage;
        try {
            return failure == null
                    ? CompletableFuture.completedFuture(call.get())
                    : CompletableFuture.failedFuture(failed(failure));
        } catch (ObjectStoreFailed e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static ObjectStoreFailed failed(ObjectStoreFailed.Kind kind) {
        return new ObjectStoreFailed(kind, "The store in memory fails: " + kind);
    }

    /** An object, its bytes and its modification time. */
    private static final class Entry {

        private final StoredObject object;
        private final byte[] bytes;
        private final Instant at;

        private Entry(StoredObject object, byte[] bytes, Instant at) {
            this.object = object;
            this.bytes = bytes;
            this.at = at;
        }

        private ObjectContent content(ByteRange range) {
            if (range.first() >= bytes.length) {
                throw failed(ObjectStoreFailed.Kind.REFUSED);
            }
            int first = (int) range.first();
            return content(first, (int) Math.min(range.length(), bytes.length - first));
        }

        private ObjectContent content(int first, int length) {
            return new ObjectContent(new ByteArrayInputStream(bytes, first, length), length);
        }
    }
}
