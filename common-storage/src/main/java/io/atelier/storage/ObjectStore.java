package io.atelier.storage;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Port: keeps pictures. Thread-safe. Futures complete on threads of the adapter, never block the caller for the network, and fail with
 * {@link ObjectStoreFailed} only.
 */
public interface ObjectStore {

    /** How many objects one call can list. */
    int LARGEST_PAGE = 1_000;

    /**
     * Keeps the bytes under the key, unless something lies there already: the first writer wins, and every writer gets what lies there.
     * When the future completes the object is durable and can be read by anyone.
     *
     * @param bytes not changed, and not to be changed by the caller until the future completes
     * @param mediaType such as {@code image/png}
     * @param notes small facts kept with the object: names of {@code a-z 0-9}, with single {@code -} between, but not {@code sha256};
     *     values of 1 or more printable ASCII characters without blanks at the ends; 1800 characters in all
     * @throws IllegalArgumentException if the notes are others
     */
    CompletableFuture<StoredObject> put(ObjectKey key, byte[] bytes, String mediaType, Map<String, String> notes);

    /** What lies under the key; empty if nothing does. */
    CompletableFuture<Optional<StoredObject>> find(ObjectKey key);

    /**
     * Opens the object, or a part of it. The caller must close the content, from one thread at a time and never while it reads.
     *
     * @param range the bytes wanted; null for all
     * @return fails with {@link ObjectStoreFailed} of kind {@code NOT_FOUND} if nothing lies under the key, of kind {@code REFUSED} if
     *     the range begins behind the last byte; a range that ends there is cut short
     */
    CompletableFuture<ObjectContent> open(ObjectKey key, @Nullable ByteRange range);

    /**
     * A URL that reads the object without further credentials until it expires. Made without asking the network.
     *
     * @param validFor 1 second to 7 days
     * @param contentDisposition the header that the answer shall carry
     */
    URI link(ObjectKey key, Duration validFor, String contentDisposition);

    /**
     * Deletes what lies under the key. When the future completes nobody finds it any more, and it stays so. Nothing there is fine, so that
     * a deletion can be repeated.
     */
    CompletableFuture<Void> delete(ObjectKey key);

    /**
     * Lists the objects in a folder and the folders below it, page by page. What is put or deleted meanwhile may be shown or not; all else
     * is shown once.
     *
     * @param folder such as {@code jobs/2026/}; ends with a slash
     * @param after null for the first page, then the {@link ObjectPage#next} of the page before
     * @param limit the most objects of a page, 1 to {@value #LARGEST_PAGE}
     */
    CompletableFuture<ObjectPage> list(String folder, @Nullable String after, int limit);

    /** Makes sure that the bucket is there, and makes it if it is not; fails when the store cannot be used. */
    CompletableFuture<Void> check();

    /**
     * Bytes {@code first} to {@code last} of an object, both included, from 0.
     */
    record ByteRange(long first, long last) {
        public ByteRange {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException("Not a range of bytes: " + first + "-" + last);
            }
        }

        public long length() {
            return last - first + 1;
        }
    }
}
