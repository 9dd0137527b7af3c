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

/** A store that forgets, for tests. Answers at once, on the thread of the caller; fails when it is told to. */
public final class InMemoryObjectStore implements ObjectStore {

    private final Map<ObjectKey, Kept> objects = new ConcurrentHashMap<>();
    private final Queue<ObjectStoreFailed.Kind> failures = new ConcurrentLinkedQueue<>();
    private final Clock clock;

    private volatile ObjectStoreFailed.@Nullable Kind outage;

    public InMemoryObjectStore() {
        this(Clock.systemUTC());
    }

    /** With times of the objects by this clock. */
    public InMemoryObjectStore(Clock clock) {
        this.clock = clock;
    }

    /** Lets the next call fail, whatever it is; told twice, the next two. Links never fail. */
    public void failNext(ObjectStoreFailed.Kind kind) {
        failures.add(kind);
    }

    /** Lets every call fail until {@link #recover}. */
    public void failAlways(ObjectStoreFailed.Kind kind) {
        outage = kind;
    }

    /** Ends all failures. */
    public void recover() {
        failures.clear();
        outage = null;
    }

    /** Where something lies now, in order. */
    public SortedSet<String> keys() {
        var keys = new TreeSet<String>();
        objects.keySet().forEach(key -> keys.add(key.value()));
        return keys;
    }

    @Override
    public CompletableFuture<StoredObject> put(
            ObjectKey key, byte[] bytes, String mediaType, Map<String, String> notes) {
        var copy = bytes.clone();
        // Like S3 servers, which tell whole seconds.
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var object = new StoredObject(
                key, copy.length, StoredObject.sha256Of(copy), mediaType, StoredObject.requireMetadata(notes));
        return answer(() -> {
            var earlier = objects.putIfAbsent(key, new Kept(object, copy, now));
            return earlier == null ? object : earlier.object;
        });
    }

    @Override
    public CompletableFuture<Optional<StoredObject>> find(ObjectKey key) {
        return answer(() -> Optional.ofNullable(objects.get(key)).map(kept -> kept.object));
    }

    @Override
    public CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range) {
        return answer(() -> {
            var kept = objects.get(key);
            if (kept == null) {
                throw failed(ObjectStoreFailed.Kind.NOT_FOUND);
            }
            return range == null ? kept.content(0, kept.bytes.length) : kept.content(range);
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
        return answer(() -> objects.remove(key)).thenAccept(gone -> {});
    }

    @Override
    public CompletableFuture<ObjectPage> list(String folder, @Nullable String after, int limit) {
        ObjectPage.requireListable(folder, limit);
        return answer(() -> {
            var found = objects.values().stream()
                    .filter(kept -> kept.object.key().value().startsWith(folder))
                    .filter(kept -> after == null || kept.object.key().value().compareTo(after) > 0)
                    .sorted(Comparator.comparing(kept -> kept.object.key().value()))
                    .map(kept -> new ObjectPage.Listed(kept.object.key(), kept.object.bytes(), kept.at))
                    .limit(limit + 1L)
                    .toList();
            boolean more = found.size() > limit;
            return new ObjectPage(
                    more ? found.subList(0, limit) : found,
                    more ? found.get(limit - 1).key().value() : null);
        });
    }

    @Override
    public CompletableFuture<Void> check() {
        return answer(() -> null).thenAccept(fine -> {});
    }

    private <T extends @Nullable Object> CompletableFuture<T> answer(Supplier<T> call) {
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

    /** An object and its bytes. */
    private static final class Kept {

        private final StoredObject object;
        private final byte[] bytes;
        private final Instant at;

        private Kept(StoredObject object, byte[] bytes, Instant at) {
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
