package io.atelier.storage;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Stores images and small JSON documents by key. Thread-safe.
 *
 * <p>No method blocks for the network. Futures complete on threads of the store and fail with {@link ObjectStoreFailed} only.
 */
public interface ObjectStore {

    /** The largest number of objects in one page of a listing. */
    int MAX_PAGE_SIZE = 1_000;

    /** The header {@code Cache-Control} of every object, for readers of links. */
    String CACHE_CONTROL = "private, max-age=31536000, immutable";

    /**
     * Stores an object unless the key exists. The first writer wins; every writer gets the description of the stored object. When the future
     * completes, the object is durable and readable.
     *
     * @param bytes content; the caller must not change the array until the future completes
     * @param mediaType such as {@code image/png}
     * @param metadata metadata of the object. Names consist of {@code a-z 0-9} with single {@code -} between, except {@code sha256}; values
     *     consist of 1 or more printable ASCII characters without blanks at the ends; 1800 characters in total
     * @throws IllegalArgumentException if the metadata does not meet these conditions
     */
    CompletableFuture<StoredObject> put(ObjectKey key, byte[] bytes, String mediaType, Map<String, String> metadata);

    /** The description of an object; empty if the key does not exist. */
    CompletableFuture<Optional<StoredObject>> find(ObjectKey key);

    /**
     * Opens an object or a range of it for reading. The caller must close the content, and not while another thread reads it.
     *
     * @param range range to read; null for the whole object. A range that ends after the last byte is shortened
     * @return fails with {@link ObjectStoreFailed} of kind {@code NOT_FOUND} if the key does not exist, and of kind {@code REFUSED} if the range
     *     starts after the last byte
     */
    CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range);

    /**
     * A presigned URL for reading the object without credentials until it expires. Created without network access.
     *
     * @param validFor 1 second to 7 days
     * @param contentDisposition value of the header {@code Content-Disposition} in the response
     * @throws IllegalArgumentException if the validity is out of range
     */
    URI link(ObjectKey key, Duration validFor, String contentDisposition);

    /**
     * Deletes an object. Idempotent: succeeds if the key does not exist. When the future completes, the object is permanently gone.
     */
    CompletableFuture<Void> delete(ObjectKey key);

    /**
     * Lists the objects in a folder and in the folders below it, page by page. Objects that are stored or deleted meanwhile may be missing or
     * included; each other object is included once.
     *
     * @param folder such as {@code jobs/2026/}; ends with a slash
     * @param after null for the first page, then {@link ObjectPage#next} of the previous page
     * @param limit largest number of objects in the page, 1 to {@value #MAX_PAGE_SIZE}
     */
    CompletableFuture<ObjectPage> list(String folder, @Nullable String after, int limit);

    /** Creates the bucket if it is missing; fails if the store cannot be used. For the start of a process. */
    CompletableFuture<Void> prepare();

    /**
     * Fails if the store cannot be used, with kind {@code REFUSED} if the bucket is missing. Changes nothing: a bucket that was deleted with all
     * its images must not look healthy.
     */
    CompletableFuture<Void> check();

    /** Bytes {@code first} to {@code last} of an object, both inclusive, from 0. */
    record ByteRange(long first, long last) {
        public ByteRange {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("Not a byte range: " + first + "-" + last);
            }
        }

        public long length() {
            return last - first + 1;
        }
    }
}
