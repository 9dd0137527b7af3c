package io.atelier.gateway.files;

import io.atelier.contract.image.FileId;
import io.atelier.gateway.files.FileFolder.LeaseMarker;
import io.atelier.gateway.files.FileFolder.Tombstone;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The uploaded files in the object store. Several gateways may use one store: no operation needs a lock, because objects are only added and removed.
 * Thread-safe; no method blocks for the network. Futures fail with {@link ObjectStoreFailed}, or as described.
 */
public final class FileRepository {

    /** More markers than a file ever has: older ones are deleted when one is added. */
    private static final int MAX_OBJECTS = 500;

    /** A use adds a marker only after this part of the time to live, so that few are written. */
    private static final int RENEWALS_PER_TTL = 16;

    private static final byte[] EMPTY_DOCUMENT = {'{', '}'};
    private static final String JSON = "application/json";
    private static final String WIDTH = "width";
    private static final String HEIGHT = "height";
    private static final String CREATED = "created";

    private final ObjectStore store;
    private final Clock clock;

    public FileRepository(ObjectStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * A file that was stored.
     *
     * @param isNew whether it was not there before
     */
    public record Storing(UploadedFile file, boolean isNew) {}

    /** The file of the id; empty if there never was one, or long ago. Fails with {@link FileGone} if it was deleted or has expired. */
    public CompletableFuture<Optional<UploadedFile>> find(FileId id) {
        return folder(id).thenCompose(folder -> {
            var now = clock.instant();
            if (folder.isAlive(now)) {
                return describe(folder);
            }
            return folder.isGone(now)
                    ? CompletableFuture.failedFuture(new FileGone(id, folder.isExpired()))
                    : CompletableFuture.completedFuture(Optional.empty());
        });
    }

    /**
     * Finds a file and prolongs its life: it is kept for its whole time to live from now. Otherwise like {@link #find}.
     */
    public CompletableFuture<Optional<UploadedFile>> use(FileId id) {
        return find(id).thenCompose(found -> found.isEmpty()
                ? CompletableFuture.completedFuture(found)
                : prolong(found.get(), found.get().ttl()).thenApply(Optional::of));
    }

    /**
     * Stores a file, or prolongs the life of the one that has the same bytes, which keeps the longer one of both times to live. When the future completes, it can be read.
     *
     * @param bytes of an image file; not changed until the future completes
     * @param ttl how long it is kept after each use, in whole seconds
     */
    public CompletableFuture<Storing> store(byte[] bytes, String mediaType, int width, int height, Duration ttl) {
        var id = FileId.ofSha256(StoredObject.sha256Of(bytes));
        return folder(id).thenCompose(before -> {
            var now = clock.instant();
            return before.isAlive(now)
                    ? describe(before)
                            .thenCompose(file -> prolong(
                                    file.orElseThrow(),
                                    longer(ttl, file.orElseThrow().ttl())))
                            .thenApply(file -> new Storing(file, false))
                    : write(new NewFile(id, bytes, mediaType, width, height, ttl), before.tombstones())
                            .thenApply(file -> new Storing(file, true));
        });
    }

    /** Deletes a file; whether there was one, also one that is gone already. When the future completes with true, its bytes are gone. */
    public CompletableFuture<Boolean> delete(FileId id) {
        return folder(id).thenCompose(folder -> {
            var now = clock.instant();
            if (!folder.isAlive(now)) {
                return CompletableFuture.completedFuture(folder.isGone(now));
            }
            return put(FileFolder.tombstone(id, now, false))
                    .thenCompose(marked -> remove(folder))
                    .thenApply(removed -> true);
        });
    }

    /** The objects of a file. */
    CompletableFuture<FileFolder> folder(FileId id) {
        return store.list(FileFolder.of(id), null, MAX_OBJECTS).thenApply(page -> FileFolder.of(id, page.objects()));
    }

    /** Marks a file as expired, and deletes its bytes unless it was uploaded again meanwhile. */
    CompletableFuture<Void> expire(FileId id, Instant now) {
        var tombstone = FileFolder.tombstone(id, now, true);
        return put(tombstone).thenCompose(marked -> folder(id)).thenCompose(folder -> {
            var isRevived = !folder.isOver(now);
            return isRevived ? store.delete(tombstone) : remove(folder);
        });
    }

    /** Deletes the bytes and leases of a file, bytes first: what is left says that it is gone. */
    CompletableFuture<Void> remove(FileFolder folder) {
        return deleteAll(folder.contents().stream().map(object -> object.key()))
                .thenCompose(gone -> deleteAll(folder.leases().stream().map(LeaseMarker::key)));
    }

    /** Deletes the tombstones of a file, after which nothing says that it existed. */
    CompletableFuture<Void> forget(List<Tombstone> tombstones) {
        return deleteAll(tombstones.stream().map(Tombstone::key));
    }

    /** The lease is stored before the bytes, which therefore always have one. Then nothing may say any more that the file is gone. */
    private CompletableFuture<UploadedFile> write(NewFile file, List<Tombstone> tombstones) {
        var now = clock.instant();
        var until = end(now, file.ttl);
        return put(FileFolder.lease(file.id, until, file.ttl))
                .thenCompose(leased -> putContent(file, now))
                .thenCompose(stored -> forget(tombstones).thenApply(forgotten -> stored))
                .thenCompose(stored -> folder(file.id)
                        .thenCompose(after -> after.contents().isEmpty()
                                // A sweep or a DELETE that had begun before has deleted the bytes meanwhile.
                                ? putContent(file, now)
                                : CompletableFuture.completedFuture(stored)))
                .thenApply(stored -> described(file.id, stored, until, file.ttl));
    }

    private CompletableFuture<StoredObject> putContent(NewFile file, Instant now) {
        return store.put(
                FileFolder.content(file.id, file.mediaType),
                file.bytes,
                file.mediaType,
                Map.of(
                        WIDTH,
                        Integer.toString(file.width),
                        HEIGHT,
                        Integer.toString(file.height),
                        CREATED,
                        Long.toString(now.toEpochMilli())));
    }

    private CompletableFuture<Optional<UploadedFile>> describe(FileFolder folder) {
        var lease = folder.lease().orElseThrow();
        return store.find(folder.contents().get(0).key())
                .thenApply(found -> found.map(object -> described(folder.id(), object, lease.until(), lease.ttl())));
    }

    private CompletableFuture<UploadedFile> prolong(UploadedFile file, Duration ttl) {
        var until = end(clock.instant(), ttl);
        if (until.minus(ttl.dividedBy(RENEWALS_PER_TTL)).isBefore(file.expiresAt())) {
            return CompletableFuture.completedFuture(file);
        }
        var renewed = FileFolder.lease(file.id(), until, ttl);
        var earlier = FileFolder.lease(file.id(), file.expiresAt(), file.ttl());
        return put(renewed)
                // What is left over is deleted by the next sweep.
                .thenCompose(leased -> store.delete(earlier).exceptionally(failure -> null))
                .thenApply(leased -> file.until(until, ttl));
    }

    /** One client must not shorten what another counts on. */
    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private CompletableFuture<Void> deleteAll(Stream<ObjectKey> keys) {
        return CompletableFuture.allOf(keys.map(store::delete).toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<StoredObject> put(ObjectKey marker) {
        return store.put(marker, EMPTY_DOCUMENT, JSON, Map.of());
    }

    /** Rounded up, because a lease is named in whole seconds. */
    private static Instant end(Instant now, Duration ttl) {
        return now.plus(ttl).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
    }

    private static UploadedFile described(FileId id, StoredObject object, Instant until, Duration ttl) {
        var metadata = object.metadata();
        return new UploadedFile(
                id,
                object.key().value(),
                object.bytes(),
                object.mediaType(),
                Integer.parseInt(metadata.getOrDefault(WIDTH, "0")),
                Integer.parseInt(metadata.getOrDefault(HEIGHT, "0")),
                Instant.ofEpochMilli(Long.parseLong(metadata.getOrDefault(CREATED, "0"))),
                until,
                ttl);
    }

    /** A file that is not stored yet. */
    @SuppressWarnings("ArrayRecordComponent") // Passed on, never compared.
    private record NewFile(FileId id, byte[] bytes, String mediaType, int width, int height, Duration ttl) {}
}
