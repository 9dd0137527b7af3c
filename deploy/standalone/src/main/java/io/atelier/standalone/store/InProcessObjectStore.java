package io.atelier.standalone.store;

import io.atelier.embedded.EmbeddedBucket;
import io.atelier.storage.ObjectContent;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectLinks;
import io.atelier.storage.ObjectPage;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An {@link ObjectStore} in a bucket of the embedded S3 server of this JVM that reads and writes the server's files without requests to it. S3
 * clients see its objects, and it sees theirs.
 */
final class InProcessObjectStore implements ObjectStore {

    private final String name;
    private final Supplier<EmbeddedBucket> bucket;
    private final DiskCalls calls;
    private final Duration callTimeout;
    private final ObjectLinks links;

    /** @param bucket the bucket of this name; throws {@link ObjectStoreFailed} while its server does not run */
    InProcessObjectStore(
            String name, Supplier<EmbeddedBucket> bucket, DiskCalls calls, Duration callTimeout, ObjectLinks links) {
        this.name = name;
        this.bucket = bucket;
        this.calls = calls;
        this.callTimeout = callTimeout;
        this.links = links;
    }

    @Override
    public CompletableFuture<StoredObject> put(
            ObjectKey key, byte[] bytes, String mediaType, Map<String, String> metadata) {
        var object = StoredObject.of(key, bytes, mediaType, metadata);
        var headers = new EmbeddedBucket.Headers(mediaType, CACHE_CONTROL, object.attributes());
        return call("put " + key, files -> {
            while (!files.put(key.value(), bytes, headers)) {
                var winner = found(files, key);
                if (winner.isPresent()) {
                    return winner.get();
                }
                // It was deleted meanwhile, so the key is free again.
            }
            return object;
        });
    }

    @Override
    public CompletableFuture<Optional<StoredObject>> find(ObjectKey key) {
        return call("find " + key, files -> found(files, key));
    }

    @Override
    public CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range) {
        return call("open " + key, files -> {
            var opened = range == null ? files.open(key.value()) : files.open(key.value(), range.first(), range.last());
            return new ObjectContent(opened.stream(), opened.length());
        });
    }

    @Override
    public URI link(ObjectKey key, Duration validFor, String contentDisposition) {
        return links.link(key, validFor, contentDisposition);
    }

    @Override
    public CompletableFuture<Void> delete(ObjectKey key) {
        return done(call("delete " + key, files -> {
            files.delete(key.value());
            return key;
        }));
    }

    @Override
    public CompletableFuture<ObjectPage> list(String folder, @Nullable String after, int limit) {
        ObjectPage.requireListable(folder, limit);
        return call("list " + folder, files -> page(files.list(folder, after, limit)));
    }

    @Override
    public CompletableFuture<Void> prepare() {
        return done(call("create the bucket " + name, files -> {
            files.create();
            return name;
        }));
    }

    @Override
    public CompletableFuture<Void> check() {
        return done(call("use the bucket " + name, files -> {
            if (!files.exists()) {
                throw ObjectStoreFailed.missingBucket(name);
            }
            return name;
        }));
    }

    private <T> CompletableFuture<T> call(String operation, Function<EmbeddedBucket, T> call) {
        return calls.start(operation, callTimeout, () -> call.apply(bucket.get()));
    }

    private Optional<StoredObject> found(EmbeddedBucket files, ObjectKey key) {
        return files.find(key.value())
                .map(found -> StoredObject.found(
                        key,
                        found.bytes(),
                        found.headers().mediaType(),
                        found.headers().userMetadata(),
                        name));
    }

    private static ObjectPage page(EmbeddedBucket.Page page) {
        var objects = page.objects().stream()
                .flatMap(object -> ObjectKey.parse(object.key()).stream()
                        // S3 servers return whole seconds.
                        .map(key -> new ObjectPage.Listed(
                                key, object.bytes(), object.lastModified().truncatedTo(ChronoUnit.SECONDS))))
                .toList();
        var listed = page.objects();
        return new ObjectPage(
                objects, page.isLast() ? null : listed.get(listed.size() - 1).key());
    }

    /** The same future without its value. A chained one would wrap the failure. */
    private static CompletableFuture<Void> done(CompletableFuture<?> call) {
        var done = new CompletableFuture<Void>();
        var unused = call.whenComplete((value, failure) -> {
            if (failure == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }
}
