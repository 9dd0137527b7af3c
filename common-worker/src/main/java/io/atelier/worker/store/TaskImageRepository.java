package io.atelier.worker.store;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.image.JpegEncoding;
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
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Stores the images of tasks as PNG files, with a JPEG beside each if that is delivered, and finds them again when a task is redelivered. The metadata of an object contains all that a
 * report says about it, so that a redelivery can report it without opening it. If two workers store the same image, the first one wins.
 * Thread-safe.
 */
public final class TaskImageRepository {

    private static final String PNG = "image/png";
    private static final String JPEG = "image/jpeg";
    private static final String KIND = "kind";
    private static final String WIDTH = "width";
    private static final String HEIGHT = "height";
    private static final String SEED = "seed";
    private static final String MARKED = "marked";
    private static final String CONTENT_CREDENTIALS = "c2pa";

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
            putProvenance(metadata, provenance);
        }
        return metadata;
    }

    private static void putProvenance(Map<String, String> metadata, Provenance provenance) {
        metadata.put(MARKED, Boolean.toString(provenance.marked()));
        metadata.put(CONTENT_CREDENTIALS, provenance.c2pa().word());
    }

    /**
     * Adds how the pixels of an image came to be, which is known also if its file does not say it.
     *
     * @param source empty if it is unknown
     */
    public static void putSourceType(Map<String, String> metadata, Optional<DigitalSourceType> source) {
        source.ifPresent(type -> metadata.put(DigitalSourceType.METADATA_NAME, type.term()));
    }

    /** How the pixels of an image came to be, by its metadata; empty if unknown. */
    public static Optional<DigitalSourceType> sourceType(StoredObject object) {
        return Optional.ofNullable(object.metadata().get(DigitalSourceType.METADATA_NAME))
                .flatMap(DigitalSourceType::ofTerm);
    }

    /**
     * Finds the images that an earlier delivery of a task stored. Empty unless all of them are stored.
     *
     * @param count the number of images of the task, at least 1
     * @param jpeg how the images are delivered as JPEG; null if they are delivered as PNG
     * @return the delivered files
     * @throws ObjectStoreFailed if the store cannot be searched
     */
    public Optional<List<StoredObject>> findAll(
            JobId job, String task, int attempt, int count, @Nullable JpegEncoding jpeg) throws InterruptedException {
        IntFunction<ObjectKey> keys = index -> {
            var image = key(job, task, attempt, index);
            return jpeg == null ? image : jpegBeside(image);
        };
        // Most tasks are new, and a new task lacks its last image: one request instead of one for each image.
        var last = Futures.await(store.find(keys.apply(count - 1)));
        if (last.isEmpty()) {
            return Optional.empty();
        }
        var searches = IntStream.range(0, count - 1)
                .mapToObj(index -> store.find(keys.apply(index)))
                .toList();
        var found = new ArrayList<StoredObject>();
        for (var search : searches) {
            Futures.await(search).ifPresent(found::add);
        }
        found.add(last.get());
        return found.size() == count ? Optional.of(found) : Optional.empty();
    }

    /**
     * Stores images and returns what the store holds of those that are delivered afterwards. Originals are stored before their images, and a JPEG
     * after its PNG, so that a redelivery that finds what is delivered finds the rest too. Safe to repeat.
     *
     * @throws ObjectStoreFailed if the store did not take all of them
     */
    public List<StoredObject> storeAll(List<PendingImage> images) throws InterruptedException {
        var originals = new ArrayList<CompletableFuture<StoredObject>>();
        for (var image : images) {
            @Nullable File original = image.original;
            if (original != null) {
                var key = new ObjectKey(JobFolder.original(image.key.value()));
                originals.add(store.put(key, original.bytes, original.mediaType, original.metadata));
            }
        }
        for (var original : originals) {
            Futures.await(original);
        }
        var writes = images.stream().map(this::store).toList();
        var stored = new ArrayList<StoredObject>();
        for (var write : writes) {
            stored.add(Futures.await(write));
        }
        return stored;
    }

    private CompletableFuture<StoredObject> store(PendingImage image) {
        var png = store.put(image.key, image.png, PNG, image.metadata);
        var jpeg = image.jpeg;
        return jpeg == null
                ? png
                : png.thenCompose(
                        stored -> store.put(jpegBeside(image.key), jpeg.bytes, jpeg.mediaType, jpeg.metadata));
    }

    private static ObjectKey jpegBeside(ObjectKey image) {
        return new ObjectKey(JobFolder.jpeg(image.value()));
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
        private final @Nullable File jpeg;
        private final @Nullable File original;

        /**
         * Does not copy the file.
         *
         * @param png the file; must not change until it is stored
         */
        public PendingImage(ObjectKey key, byte[] png, Map<String, String> metadata) {
            this(key, png, metadata, null, null);
        }

        private PendingImage(
                ObjectKey key, byte[] png, Map<String, String> metadata, @Nullable File jpeg, @Nullable File original) {
            this.key = key;
            this.png = png;
            this.jpeg = jpeg;
            this.metadata = Map.copyOf(metadata);
            this.original = original;
        }

        /**
         * The same image, and beside it the signed file of a provider that it was made from.
         *
         * @param file must not change until it is stored
         */
        public PendingImage withOriginal(byte[] file, String mediaType) {
            return new PendingImage(key, png, metadata, jpeg, new File(file, mediaType, Map.of()));
        }

        /**
         * The same image, delivered as JPEG.
         *
         * @param file must not change until it is stored
         * @param provenance what the JPEG says about its origin
         */
        public PendingImage withJpeg(byte[] file, Provenance provenance) {
            var described = new HashMap<>(metadata);
            putProvenance(described, provenance);
            return new PendingImage(key, png, metadata, new File(file, JPEG, Map.copyOf(described)), original);
        }
    }

    /** A file beside the PNG of an image. */
    private static final class File {

        private final byte[] bytes;
        private final String mediaType;
        private final Map<String, String> metadata;

        File(byte[] bytes, String mediaType, Map<String, String> metadata) {
            this.bytes = bytes;
            this.mediaType = mediaType;
            this.metadata = metadata;
        }
    }
}
