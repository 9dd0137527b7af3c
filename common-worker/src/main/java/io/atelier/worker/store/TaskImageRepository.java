package io.atelier.worker.store;

import io.atelier.contract.image.JpegEncoding;
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

    /** The metadata that {@link #describe} needs. The map can be extended. */
    public static Map<String, String> metadata(StoredImage.Kind kind, int width, int height, @Nullable Long seed) {
        var metadata = new HashMap<String, String>();
        metadata.put(KIND, kind.word());
        metadata.put(WIDTH, Integer.toString(width));
        metadata.put(HEIGHT, Integer.toString(height));
        if (seed != null) {
            metadata.put(SEED, seed.toString());
        }
        return metadata;
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
     * Stores images and returns what the store holds of those that are delivered afterwards. Safe to repeat. A JPEG is stored after its PNG, so
     * where a JPEG is found the PNG is, too.
     *
     * @throws ObjectStoreFailed if the store did not take all of them
     */
    public List<StoredObject> storeAll(List<PendingImage> images) throws InterruptedException {
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
                : png.thenCompose(stored -> store.put(jpegBeside(image.key), jpeg, JPEG, image.metadata));
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
            return new StoredImage(
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
        } catch (IllegalArgumentException e) {
            throw unexpectedMetadata(object, e);
        }
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
        private final byte @Nullable [] jpeg;
        private final Map<String, String> metadata;

        /**
         * Does not copy the file.
         *
         * @param png the file; must not change until it is stored
         */
        public PendingImage(ObjectKey key, byte[] png, Map<String, String> metadata) {
            this(key, png, null, metadata);
        }

        /**
         * An image that is delivered as JPEG. Does not copy the files.
         *
         * @param key of the PNG
         * @param png with all samples; must not change until it is stored
         * @param jpeg what is delivered; must not change until it is stored. Null to deliver the PNG
         */
        public PendingImage(ObjectKey key, byte[] png, byte @Nullable [] jpeg, Map<String, String> metadata) {
            this.key = key;
            this.png = png;
            this.jpeg = jpeg;
            this.metadata = Map.copyOf(metadata);
        }
    }
}
