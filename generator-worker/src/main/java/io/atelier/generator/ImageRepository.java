package io.atelier.generator;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobFolder;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.task.Futures;
import io.atelier.worker.task.TaskOutput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the pictures of a task in the store, and finds them again when its order is handed out once more. All that a report says of a
 * picture lies with it as notes, so that whoever finds it can report it without opening it.
 */
final class ImageRepository {

    private static final String PNG = "image/png";
    private static final int LONGEST_NOTE = 500;

    private final ObjectStore store;
    private final PngWriter png = new PngWriter();

    ImageRepository(ObjectStore store) {
        this.store = store;
    }

    /**
     * The pictures of an earlier delivery of the order; empty unless all of them are there.
     *
     * @throws ObjectStoreFailed if the store cannot tell
     */
    Optional<TaskOutput> find(GenerationRequested order) throws InterruptedException {
        var searches = new ArrayList<CompletableFuture<Optional<StoredObject>>>();
        for (int index = 0; index < order.request().n(); index++) {
            searches.add(store.find(key(order, index)));
        }
        var found = new ArrayList<StoredObject>();
        for (var search : searches) {
            Futures.await(search).ifPresent(found::add);
        }
        return found.size() == searches.size() ? Optional.of(kept(found)) : Optional.empty();
    }

    /**
     * The pictures as they are to be stored.
     *
     * @param drawn what the engine was told
     * @param seeded whether their seeds mean anything; those that mean nothing are not kept
     */
    List<PendingImage> pages(
            GenerationRequested order, GenerationRequest drawn, List<GeneratedImage> pictures, boolean seeded) {
        var pages = new ArrayList<PendingImage>();
        for (var picture : pictures) {
            @Nullable Long seed = seeded ? picture.seed() : null;
            var text = PngTextChunks.of(order.job(), drawn, seed, picture.notes());
            pages.add(new PendingImage(
                    key(order, pages.size()), png.write(picture.pixels(), text), notes(order, picture, seed)));
        }
        return List.copyOf(pages);
    }

    /**
     * Stores the pictures. Where another worker was first, its picture is the one that counts. Safe to repeat.
     *
     * @throws ObjectStoreFailed if the store did not take them all
     */
    TaskOutput keep(List<PendingImage> pages) throws InterruptedException {
        var writes = pages.stream()
                .map(page -> store.put(page.key, page.bytes, PNG, page.notes))
                .toList();
        var stored = new ArrayList<StoredObject>();
        for (var write : writes) {
            stored.add(Futures.await(write));
        }
        return kept(stored);
    }

    private static ObjectKey key(GenerationRequested order, int index) {
        return new ObjectKey(JobFolder.image(order.job(), order.task(), order.attempt(), index));
    }

    private static Map<String, String> notes(GenerationRequested order, GeneratedImage picture, @Nullable Long seed) {
        var kind = order.request().grid() == null ? StoredImage.Kind.IMAGE : StoredImage.Kind.GRID;
        var notes = new HashMap<String, String>();
        notes.put("kind", kind.word());
        notes.put("width", Integer.toString(picture.pixels().getWidth()));
        notes.put("height", Integer.toString(picture.pixels().getHeight()));
        if (seed != null) {
            notes.put("seed", seed.toString());
        }
        var warning = ascii(picture.notes().getOrDefault(GeneratedImage.WARNING, ""));
        if (!warning.isEmpty()) {
            notes.put(GeneratedImage.WARNING, warning);
        }
        return notes;
    }

    private static String ascii(String text) {
        var plain = text.replaceAll("[^\\x20-\\x7E]", "?");
        return plain.substring(0, Math.min(plain.length(), LONGEST_NOTE)).strip();
    }

    private static TaskOutput kept(List<StoredObject> objects) {
        var images = new ArrayList<StoredImage>();
        var warnings = new ArrayList<Job.Warning>();
        for (var object : objects) {
            images.add(image(images.size(), object));
            @Nullable String warning = object.notes().get(GeneratedImage.WARNING);
            if (warning != null) {
                warnings.add(new Job.Warning("engine", warning, null));
            }
        }
        return new TaskOutput(images, warnings.stream().distinct().toList(), null);
    }

    private static StoredImage image(int index, StoredObject object) {
        var notes = object.notes();
        try {
            return new StoredImage(
                    index,
                    StoredImage.Kind.valueOf(note(notes, "kind").toUpperCase(Locale.ROOT)),
                    object.key().value(),
                    object.sha256(),
                    object.bytes(),
                    object.mediaType(),
                    Integer.parseInt(note(notes, "width")),
                    Integer.parseInt(note(notes, "height")),
                    notes.containsKey("seed") ? Long.valueOf(note(notes, "seed")) : null,
                    null);
        } catch (IllegalArgumentException e) {
            throw new ObjectStoreFailed(
                    ObjectStoreFailed.Kind.REFUSED,
                    "What lies under " + object.key() + " was not put there by a generator: its notes are " + notes
                            + ".",
                    e);
        }
    }

    /** A picture's file, where it is to lie, and what lies with it. */
    static final class PendingImage {

        private final ObjectKey key;
        private final byte[] bytes;
        private final Map<String, String> notes;

        private PendingImage(ObjectKey key, byte[] bytes, Map<String, String> notes) {
            this.key = key;
            this.bytes = bytes;
            this.notes = notes;
        }
    }

    private static String note(Map<String, String> notes, String name) {
        @Nullable String value = notes.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }
}
