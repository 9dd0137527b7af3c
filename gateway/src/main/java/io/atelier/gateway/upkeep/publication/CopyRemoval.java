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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the copies that a job published, and the list of them. A copy that a later job of the same persona has overwritten stays. Idempotent.
 *
 * <p>Blocks its thread; throws {@link CompletionException} of an {@link ObjectStoreFailed} if the store is unavailable.
 */
public final class CopyRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(CopyRemoval.class);

    private final ObjectStore store;
    private final ObjectPublisher publisher;

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
        try {
            return OptionalInt.of(removeAll(job, list));
        } catch (UnreadableRecord e) {
            LOG.error("{} is no list of published copies: it stays, and the copies that it names, too.", list, e);
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof ObjectStoreFailed failed)
                    || failed.kind() != ObjectStoreFailed.Kind.REFUSED) {
                throw e;
            }
            LOG.warn(
                    "The copies that {} names could not be deleted: the list stays, and the janitor tries again. {}",
                    list,
                    failed.getMessage());
        }
        return OptionalInt.empty();
    }

    private int removeAll(JobId job, ObjectKey list) {
        var copies = read(list);
        if (copies.isEmpty()) {
            return 0;
        }
        int removed = removeCopies(job, copies.get());
        store.delete(list).join();
        // A worker that is late looks for the list after its last copy. If it found one, its copies are here by now.
        return removed + 1 + removeCopies(job, copies.get());
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
