package io.atelier.gateway.upkeep.publication;

import io.atelier.contract.image.Publication;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.PublishedCopies;
import io.atelier.messaging.EventCodec;
import io.atelier.messaging.UnreadableRecord;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.TextStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Deletes the copies that a job published, and the list of them. A copy that a later job of the same persona has overwritten stays. Idempotent.
 *
 * <p>Blocks its thread; throws {@link CompletionException} of an {@link ObjectStoreFailed} if the store is unavailable.
 */
public final class CopyRemoval {

    private final ObjectStore store;
    private final ObjectPublisher publisher;
    private final RemovalLog log = new RemovalLog();

    public CopyRemoval(ObjectStore store, ObjectPublisher publisher) {
        this.store = store;
        this.publisher = publisher;
    }

    /**
     * Deletes the copies of a list, then the list. The list stays if it cannot be read, or if the store refuses to find or to delete a copy: a repetition at
     * once would not help.
     *
     * @param list key of {@link PublishedCopies} in the folder of the job
     * @return how many objects were deleted; empty if the list stays
     */
    public OptionalInt remove(JobId job, ObjectKey list) {
        var copies = List.<Publication>of();
        try {
            var found = read(list);
            if (found.isEmpty()) {
                return OptionalInt.of(0);
            }
            log.readable();
            copies = found.get();
            return OptionalInt.of(removeAll(job, list, copies));
        } catch (UnreadableRecord e) {
            log.unreadable(list, e);
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof ObjectStoreFailed failed)
                    || failed.kind() != ObjectStoreFailed.Kind.REFUSED) {
                throw e;
            }
            log.refused(bucket(copies), list, failed);
        }
        return OptionalInt.empty();
    }

    private int removeAll(JobId job, ObjectKey list, List<Publication> copies) {
        int removed = removeCopies(job, copies);
        if (removed > 0) {
            log.deleted(bucket(copies));
        }
        store.delete(list).join();
        // A worker that is late looks for the list after its last copy. If it found one, its copies are here by now.
        return removed + 1 + removeCopies(job, copies);
    }

    /** The bucket of the copies of one list; empty if there are none. */
    private static String bucket(List<Publication> copies) {
        return copies.isEmpty() ? "" : copies.get(0).bucket();
    }

    private int removeCopies(JobId job, List<Publication> copies) {
        var removed = new AtomicInteger();
        CompletableFuture.allOf(copies.stream()
                        .map(copy -> publisher.find(copy).thenCompose(found -> {
                            if (found.isEmpty()
                                    || !job.value()
                                            .equals(found.get().metadata().get(ObjectPublisher.JOB))) {
                                return CompletableFuture.allOf();
                            }
                            removed.incrementAndGet();
                            return publisher.remove(copy);
                        }))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        return removed.get();
    }

    /** Empty if there is no list. */
    private Optional<List<Publication>> read(ObjectKey list) {
        try (var content = store.open(list, null).join()) {
            var bytes = content.stream().readNBytes(TextStore.MAX_BYTES);
            return Optional.of(EventCodec.read(bytes, PublishedCopies.class).copies());
        } catch (CompletionException e) {
            if (e.getCause() instanceof ObjectStoreFailed failed && failed.kind() == ObjectStoreFailed.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new CompletionException(new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.UNAVAILABLE, "The object store could not read " + list + " now.", e));
        }
    }
}
