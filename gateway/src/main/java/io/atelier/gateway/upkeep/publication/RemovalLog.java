package io.atelier.gateway.upkeep.publication;

import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStoreFailed;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what became of lists of published copies, once for each change: a list that stays is tried again in each sweep, and a bucket that refuses one mostly
 * refuses all. Thread-safe.
 */
final class RemovalLog {

    private static final Logger LOG = LoggerFactory.getLogger(CopyRemoval.class);

    private static final String BUCKET_OF_LISTS = "";

    private final Set<String> refusing = ConcurrentHashMap.newKeySet();
    private final Set<ObjectKey> unreadable = ConcurrentHashMap.newKeySet();

    /** The bucket of the lists allowed to read one. */
    void readable() {
        refusing.remove(BUCKET_OF_LISTS);
    }

    /**
     * A bucket refused to read the list, or to find or to delete a copy.
     *
     * @param bucket of the copies; empty if the list was not read
     */
    void refused(String bucket, ObjectKey list, ObjectStoreFailed failure) {
        if (refusing.add(bucket)) {
            LOG.warn(
                    "The copies that {} names could not be deleted: the list stays, and the janitor tries again, without a"
                            + " further warning for this bucket until it works. {}",
                    list,
                    failure.getMessage());
        }
    }

    /** Copies in the bucket were deleted. */
    void deleted(String bucket) {
        if (refusing.remove(bucket)) {
            LOG.info("Published copies in the bucket {} can be deleted again.", bucket);
        }
    }

    void unreadable(ObjectKey list, Exception failure) {
        if (unreadable.add(list)) {
            LOG.error("{} is no list of published copies: it stays, and the copies that it names, too.", list, failure);
        }
    }
}
