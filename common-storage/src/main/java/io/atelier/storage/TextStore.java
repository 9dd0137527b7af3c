package io.atelier.storage;

import io.atelier.contract.job.StoredText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Stores texts that are personal and so must not be part of a record, and reads them again. Thread-safe; no method blocks. Futures fail with
 * {@link ObjectStoreFailed} only, whose messages never contain a text.
 */
public final class TextStore {

    /** The largest text in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    /** The media type of a text. */
    public static final String TEXT = "text/plain;charset=utf-8";

    /** The media type of JSON. */
    public static final String JSON = "application/json";

    private final ObjectStore store;
    private final Executor readers;

    /** @param readers runs the reading of a text, which blocks its thread; {@code Runnable::run} if those who ask wait anyway */
    public TextStore(ObjectStore store, Executor readers) {
        this.store = store;
        this.readers = readers;
    }

    /**
     * Stores a text unless the key exists. The first writer wins; every writer gets the description of the stored text, whose digest
     * shows whether it is another one.
     *
     * @param bytes the text in UTF-8; the caller must not change the array until the future completes
     * @param mediaType {@link #TEXT} or {@link #JSON}
     * @param metadata see {@link ObjectStore#put}; it must not be personal
     * @throws IllegalArgumentException if the text is longer than {@value #MAX_BYTES} bytes, or for such metadata
     */
    public CompletableFuture<StoredText> put(
            ObjectKey key, byte[] bytes, String mediaType, Map<String, String> metadata) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("A text of %d bytes for %s; at most %d are allowed. Store a shorter one."
                    .formatted(bytes.length, key, MAX_BYTES));
        }
        return store.put(key, bytes, mediaType, metadata).thenApply(TextStore::reference);
    }

    /** Stores a text without metadata, see {@link #put(ObjectKey, byte[], String, Map)}. */
    public CompletableFuture<StoredText> put(ObjectKey key, String text) {
        return put(key, text.getBytes(StandardCharsets.UTF_8), TEXT, Map.of());
    }

    /**
     * Reads a text.
     *
     * @return fails with {@link ObjectStoreFailed} of kind {@code NOT_FOUND} if the text does not exist, of kind {@code REFUSED} if the object is
     *     not this text, and of kind {@code UNAVAILABLE} also if the executor rejects the reading
     */
    public CompletableFuture<byte[]> readBytes(StoredText text) {
        var key = ObjectKey.parse(text.key());
        if (key.isEmpty() || text.bytes() > MAX_BYTES) {
            return CompletableFuture.failedFuture(refused(text, "is no text of at most " + MAX_BYTES + " bytes"));
        }
        return store.open(key.get(), null).thenCompose(content -> readLater(text, content));
    }

    private CompletableFuture<byte[]> readLater(StoredText text, ObjectContent content) {
        try {
            return CompletableFuture.supplyAsync(() -> read(text, content), readers);
        } catch (RejectedExecutionException e) {
            content.discard();
            return CompletableFuture.failedFuture(new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.UNAVAILABLE,
                    "Too many texts are read at this moment, so " + text.key() + " is not. Try again.",
                    "Too many texts are read at this moment. Try again.",
                    e));
        }
    }

    /** Reads a text, see {@link #readBytes}. */
    public CompletableFuture<String> read(StoredText text) {
        return readBytes(text).thenApply(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The reference to a text that was found. */
    public static StoredText reference(StoredObject object) {
        return new StoredText(object.key().value(), object.sha256(), object.bytes());
    }

    private static byte[] read(StoredText text, ObjectContent opened) {
        try (var content = opened) {
            var bytes = content.stream().readNBytes(MAX_BYTES + 1);
            if (!StoredObject.sha256Of(bytes).equals(text.sha256())) {
                throw refused(text, "has another SHA-256 than it was stored with");
            }
            return bytes;
        } catch (IOException e) {
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.UNAVAILABLE, "The object store could not read " + text.key() + " now.", e);
        }
    }

    private static ObjectStoreFailed refused(StoredText text, String reason) {
        return new ObjectStoreFailed(ObjectStoreFailed.Kind.REFUSED, "The object " + text.key() + " " + reason + ".");
    }
}
