package io.atelier.worker.store;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.image.Provenance;
import io.atelier.contract.image.Provenance.ContentCredentials;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.task.Futures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Stores the images of tasks as PNG files, and finds them again when a task is redelivered. The metadata of an object contains all that a
 * report says about it, so that a redelivery can report it without opening it. If two workers store the same image, the first one wins.
 * Thread-safe.
 */
public final class TaskImageRepository {

    private static final String PNG = "image/png";
    private static final String KIND = "kind";
    private static final String WIDTH = "width";
    private static final String HEIGHT = "height";
    private static final String SEED = "seed";
    private static final String MARKED = "marked";
    private static final String CONTENT_CREDENTIALS = "c2pa";
    private static final String SOURCE_TYPE = "digital-source-type";

    private final ObjectStore store;

    public TaskImageRepository(ObjectStore store) {
        this.store = store;
    }

    /**
     * The key of an image.
     *
     * @param attempt the number that the task itself carries, not counted up by deliveries: a redelivery must find the same key
     * @param index the number of the image within the task, from 0
     */
    public static ObjectKey key(JobId job, String task, int attempt, int index) {
        return new ObjectKey(JobFolder.image(job, task, attempt, index));
    }

    /**
     * The metadata that {@link #describe} needs. The map can be extended.
     *
     * @param provenance what the file says about its origin; null if unknown
     */
    public static Map<String, String> metadata(
            StoredImage.Kind kind, int width, int height, @Nullable Long seed, @Nullable Provenance provenance) {
        var metadata = new HashMap<String, String>();
        metadata.put(KIND, kind.word());
        metadata.put(WIDTH, Integer.toString(width));
        metadata.put(HEIGHT, Integer.toString(height));
        if (seed != null) {
            metadata.put(SEED, seed.toString());
        }
        if (provenance != null) {
            metadata.put(MARKED, Boolean.toString(provenance.marked()));
            metadata.put(CONTENT_CREDENTIALS, provenance.c2pa().word());
        }
        return metadata;
    }

    /**
     * Adds how the pixels of an image came to be, which is known also if its file does not say it.
     *
     * @param source empty if it is unknown
     */
    public static void putSourceType(Map<String, String> metadata, Optional<DigitalSourceType> source) {
        source.ifPresent(type -> metadata.put(SOURCE_TYPE, type.term()));
    }

    /** How the pixels of an image came to be, by its metadata; empty if unknown. */
    public static Optional<DigitalSourceType> sourceType(StoredObject object) {
        return Optional.ofNullable(object.metadata().get(SOURCE_TYPE)).flatMap(DigitalSourceType::ofTerm);
    }

    /**
     * Finds the images that an earlier delivery of a task stored. Empty unless all of them are stored.
     *
     * @param count the number of images of the task, at least 1
     * @throws ObjectStoreFailed if the store cannot be searched
     */
    public Optional<List<StoredObject>> findAll(JobId job, String task, int attempt, int count)
            throws InterruptedException {
        // Most tasks are new, and a new task lacks its last image: one request instead of one for each image.
        var last = Futures.await(store.find(key(job, task, attempt, count - 1)));
        if (last.isEmpty()) {
            return Optional.empty();
        }
        var searches = IntStream.range(0, count - 1)
                .mapToObj(index -> store.find(key(job, task, attempt, index)))
                .toList();
        var found = new ArrayList<StoredObject>();
        for (var search : searches) {
            Futures.await(search).ifPresent(found::add);
        }
        found.add(last.get());
        return found.size() == count ? Optional.of(found) : Optional.empty();
    }

    /**
     * Stores images and returns what the store holds under their keys afterwards. Originals are stored before their images, so that a redelivery
     * that finds all images finds the originals too. Safe to repeat.
     *
     * @throws ObjectStoreFailed if the store did not take all of them
     */
    public List<StoredObject> storeAll(List<PendingImage> images) throws InterruptedException {
        var originals = new ArrayList<CompletableFuture<StoredObject>>();
        for (var image : images) {
            @Nullable Original original = image.original;
            if (original != null) {
                var key = new ObjectKey(JobFolder.original(image.key.value()));
                originals.add(store.put(key, original.bytes, original.mediaType, Map.of()));
            }
        }
        for (var original : originals) {
            Futures.await(original);
        }
        var writes = images.stream()
                .map(image -> store.put(image.key, image.png, PNG, image.metadata))
                .toList();
        var stored = new ArrayList<StoredObject>();
        for (var write : writes) {
            stored.add(Futures.await(write));
        }
        return stored;
    }

    /**
     * Describes a stored image by its metadata.
     *
     * @param index the number of the image in the report, from 0
     * @param tile its place in a grid; null if it is no tile
     * @throws ObjectStoreFailed if the metadata is not that of an image
     */
    public static StoredImage describe(int index, StoredObject object, StoredImage.@Nullable Tile tile) {
        try {
            var image = new StoredImage(
                    index,
                    StoredImage.Kind.valueOf(required(object, KIND).toUpperCase(Locale.ROOT)),
                    object.key().value(),
                    object.sha256(),
                    object.bytes(),
                    object.mediaType(),
                    Integer.parseInt(required(object, WIDTH)),
                    Integer.parseInt(required(object, HEIGHT)),
                    object.metadata().containsKey(SEED) ? Long.valueOf(required(object, SEED)) : null,
                    tile);
            // An image of an older version has no provenance.
            return object.metadata().containsKey(MARKED) ? image.withProvenance(provenance(object)) : image;
        } catch (IllegalArgumentException e) {
            throw unexpectedMetadata(object, e);
        }
    }

    private static Provenance provenance(StoredObject object) {
        return new Provenance(
                Boolean.parseBoolean(required(object, MARKED)),
                ContentCredentials.valueOf(required(object, CONTENT_CREDENTIALS).toUpperCase(Locale.ROOT)));
    }

    /**
     * A value of the object's metadata.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static String required(StoredObject object, String name) {
        @Nullable String value = object.metadata().get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }

    /** The failure for an object whose metadata is not that of an image of a task. */
    public static ObjectStoreFailed unexpectedMetadata(StoredObject object, IllegalArgumentException cause) {
        return new ObjectStoreFailed(
                ObjectStoreFailed.Kind.REFUSED,
                "The object " + object.key() + " was not stored by a worker: its metadata is " + object.metadata()
                        + ".",
                cause);
    }

    /** An image that is not stored yet. */
    public static final class PendingImage {

        private final ObjectKey key;
        private final byte[] png;
        private final Map<String, String> metadata;
        private final @Nullable Original original;

        /**
         * Does not copy the file.
         *
         * @param png the file; must not change until it is stored
         */
        public PendingImage(ObjectKey key, byte[] png, Map<String, String> metadata) {
            this(key, png, metadata, null);
        }

        private PendingImage(ObjectKey key, byte[] png, Map<String, String> metadata, @Nullable Original original) {
            this.key = key;
            this.png = png;
            this.metadata = Map.copyOf(metadata);
            this.original = original;
        }

        /**
         * The same image, and beside it the signed file of a provider that it was made from.
         *
         * @param file must not change until it is stored
         */
        public PendingImage withOriginal(byte[] file, String mediaType) {
            return new PendingImage(key, png, metadata, new Original(file, mediaType));
        }
    }

    /** The signed file of a provider. */
    private static final class Original {

        private final byte[] bytes;
        private final String mediaType;

        Original(byte[] bytes, String mediaType) {
            this.bytes = bytes;
            this.mediaType = mediaType;
        }
    }
}
