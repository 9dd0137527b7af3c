package io.atelier.generator;

import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.image.jpeg.JpegWriter;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.store.TaskImageRepository;
import io.atelier.worker.store.TaskImageRepository.PendingImage;
import io.atelier.worker.task.TaskOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores the generated images of a task, and finds them again when the task is redelivered. Thread-safe. */
final class ImageRepository {

    private static final int LONGEST_WARNING = 500;

    private final TaskImageRepository images;
    private final PngWriter png = new PngWriter();
    private final JpegWriter jpeg = new JpegWriter();

    ImageRepository(ObjectStore store) {
        this.images = new TaskImageRepository(store);
    }

    /**
     * Finds the images of an earlier delivery of the task. Empty unless all of them are stored.
     *
     * @throws ObjectStoreFailed if the store cannot be searched
     */
    Optional<TaskOutput> find(GenerationRequested task) throws InterruptedException {
        return images.findAll(
                        task.job(), task.task(), task.attempt(), task.request().n(), delivery(task))
                .map(ImageRepository::output);
    }

    /**
     * Encodes images as PNG, and also as JPEG if they are delivered so. Waits for the budget of memory.
     *
     * @param request what the engine received; its prompt may have been rewritten
     * @param isSeeded whether the seeds of the images have a meaning; others are not stored
     * @throws GenerationFailed if this process has too little memory for a JPEG
     */
    List<PendingImage> encode(
            GenerationRequested task, GenerationRequest request, List<GeneratedImage> generated, boolean isSeeded) {
        var pending = new ArrayList<PendingImage>();
        for (var image : generated) {
            @Nullable Long seed = isSeeded ? image.seed() : null;
            var key = TaskImageRepository.key(task.job(), task.task(), task.attempt(), pending.size());
            var text = PngTextChunks.of(task.job(), request, seed, image.metadata());
            pending.add(new PendingImage(
                    key, png.write(image.pixels(), text), jpeg(task, image, text), metadata(task, image, seed)));
        }
        return List.copyOf(pending);
    }

    /** How the images are delivered as JPEG; null for PNG. A grid is cut before it is delivered, so it is not. */
    private static @Nullable JpegEncoding delivery(GenerationRequested task) {
        return task.request().grid() == null ? task.request().jpeg() : null;
    }

    private byte @Nullable [] jpeg(GenerationRequested task, GeneratedImage image, PngTextChunks text) {
        var delivery = delivery(task);
        if (delivery == null) {
            return null;
        }
        var header = image.pixels().header();
        try {
            return DecodingBudget.ofProcess()
                    .reserving(
                            header.sampleBytes() + JpegWriter.memory(header),
                            () -> jpeg.write(image.pixels().raster(), delivery.quality(), text));
        } catch (ImageDecodingException e) {
            var message =
                    "This worker has too little memory for a JPEG of %d x %d pixels: %s. Try again later, or give it more."
                            .formatted(header.width(), header.height(), e.getMessage());
            throw new GenerationFailed(new Failure(Failure.Code.OUT_OF_MEMORY, message), e);
        }
    }

    /**
     * Stores the images. Safe to repeat.
     *
     * @throws ObjectStoreFailed if the store did not take all of them
     */
    TaskOutput storeAll(List<PendingImage> pending) throws InterruptedException {
        return output(images.storeAll(pending));
    }

    private static Map<String, String> metadata(GenerationRequested task, GeneratedImage image, @Nullable Long seed) {
        var kind = task.request().grid() == null ? StoredImage.Kind.IMAGE : StoredImage.Kind.GRID;
        var pixels = image.pixels();
        var metadata = TaskImageRepository.metadata(kind, pixels.width(), pixels.height(), seed);
        var warning = ascii(image.metadata().getOrDefault(GeneratedImage.WARNING, ""));
        if (!warning.isEmpty()) {
            metadata.put(GeneratedImage.WARNING, warning);
        }
        return metadata;
    }

    /** Metadata travels as HTTP headers, which allow only printable ASCII. */
    private static String ascii(String text) {
        var plain = text.replaceAll("[^\\x20-\\x7E]", "?");
        return plain.substring(0, Math.min(plain.length(), LONGEST_WARNING)).strip();
    }

    private static TaskOutput output(List<StoredObject> objects) {
        var stored = new ArrayList<StoredImage>();
        var warnings = new ArrayList<Job.Warning>();
        for (var object : objects) {
            stored.add(TaskImageRepository.describe(stored.size(), object, null));
            @Nullable String warning = object.metadata().get(GeneratedImage.WARNING);
            if (warning != null) {
                warnings.add(new Job.Warning("engine", warning, null));
            }
        }
        return new TaskOutput(stored, warnings.stream().distinct().toList(), null);
    }
}
