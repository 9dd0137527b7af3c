package io.atelier.storage;

import io.atelier.contract.image.Publication;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes copies of stored images in a bucket for readers outside of Atelier. Other than an object of the {@link ObjectStore}, a copy may be
 * overwritten by a later one. Thread-safe.
 *
 * <p>No method blocks for the network. Futures complete on threads of the publisher and fail with {@link ObjectStoreFailed} only.
 */
public interface ObjectPublisher {

    /** The header {@code Cache-Control} of every copy: caches ask whether theirs is still the newest. */
    String CACHE_CONTROL = "no-cache";

    /** The name of the metadata with the id of the job that published a copy. */
    String JOB = "job";

    /** The bucket of the copies. */
    String bucket();

    /**
     * Copies an object within the server; its bytes do not pass through this process. Overwrites an earlier copy. When the future completes, the
     * copy is durable and readable.
     *
     * @param from key of an object of the store
     * @param to key of the copy
     * @param metadata metadata of the copy, see {@link ObjectStore#put}; that of the object is not copied
     * @return the description of the copy, with media type and SHA-256 of the object; fails with {@link ObjectStoreFailed} of kind
     *     {@code NOT_FOUND} if the store has no such object
     * @throws IllegalArgumentException if the metadata does not meet the conditions
     */
    CompletableFuture<StoredObject> publish(ObjectKey from, ObjectKey to, Map<String, String> metadata);

    /** The description of a copy; empty if it does not exist, or if the object is not one that was published in this way. */
    CompletableFuture<Optional<StoredObject>> find(Publication copy);

    /** Deletes a copy, whichever job published it. Idempotent: succeeds if it does not exist. */
    CompletableFuture<Void> remove(Publication copy);

    /**
     * Creates the bucket if it is missing and may be created; fails if it cannot be used. Not needed before the first copy, which creates the bucket,
     * too.
     */
    CompletableFuture<Void> prepare();
}
