package io.atelier.generator;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.image.Provenance;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.image.decode.ImageFileFormat;
import io.atelier.image.png.PngFileMetadata;
import io.atelier.image.png.PngImage;
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
    private final boolean marksImages;

    /** @param marksImages whether files say that they are generated, see {@code WorkerProperties} */
    ImageRepository(ObjectStore store, boolean marksImages) {
        this.images = new TaskImageRepository(store);
        this.marksImages = marksImages;
    }

    /**
     * Finds the images of an earlier delivery of the task. Empty unless all of them are stored.
     *
     * @throws ObjectStoreFailed if the store cannot be searched
     */
    Optional<TaskOutput> find(GenerationRequested task) throws InterruptedException {
        return images.findAll(
                        task.job(), task.task(), task.attempt(), task.request().n())
                .map(ImageRepository::output);
    }

    /**
     * Encodes images as PNG. A PNG of a provider that has a C2PA manifest stays as it is; what it would say beside that is in its metadata. A
     * signed file that had to be converted or cut is kept beside the image.
     *
     * @param request what the engine received; its prompt may have been rewritten
     * @param isSeeded whether the seeds of the images have a meaning; others are not stored
     */
    List<PendingImage> encode(
            GenerationRequested task, GenerationRequest request, List<GeneratedImage> generated, boolean isSeeded) {
        var pending = new ArrayList<PendingImage>();
        for (var image : generated) {
            @Nullable Long seed = isSeeded ? image.seed() : null;
            var key = TaskImageRepository.key(task.job(), task.task(), task.attempt(), pending.size());
            var signed = image.pixels().signedFile();
            var file = signed.orElseGet(() -> write(task, request, image, seed));
            var pendingImage = new PendingImage(key, file, metadata(task, image, seed));
            pending.add(image.pixels()
                    .signedOriginal()
                    .map(original -> pendingImage.withOriginal(original, mediaType(original)))
                    .orElse(pendingImage));
        }
        return List.copyOf(pending);
    }

    /**
     * Stores the images. Safe to repeat.
     *
     * @throws ObjectStoreFailed if the store did not take all of them
     */
    TaskOutput storeAll(List<PendingImage> pending) throws InterruptedException {
        return output(images.storeAll(pending));
    }

    private static String mediaType(byte[] file) {
        return ImageFileFormat.of(file).map(ImageFileFormat::mediaType).orElse("application/octet-stream");
    }

    private byte[] write(
            GenerationRequested task, GenerationRequest request, GeneratedImage image, @Nullable Long seed) {
        var pixels = image.pixels();
        var text = PngTextChunks.of(task.job(), request, seed, pixels.header(), image.metadata());
        return png.write(pixels, marksImages ? text.marked(sourceType(task)) : text);
    }

    private static DigitalSourceType sourceType(GenerationRequested task) {
        return task.request().images().isEmpty()
                ? DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA
                : DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA;
    }

    private Map<String, String> metadata(GenerationRequested task, GeneratedImage image, @Nullable Long seed) {
        var request = task.request();
        var kind = request.grid() == null ? StoredImage.Kind.IMAGE : StoredImage.Kind.GRID;
        var pixels = image.pixels();
        var metadata =
                TaskImageRepository.metadata(kind, pixels.width(), pixels.height(), seed, provenance(image.pixels()));
        TaskImageRepository.putSourceType(metadata, Optional.of(sourceType(task)));
        if (pixels.signedFile().isPresent() && request.metadata() != GenerationRequest.Metadata.NONE) {
            metadata.put("job", task.job().value());
            metadata.put("model", request.model());
        }
        var warning = ascii(image.metadata().getOrDefault(GeneratedImage.WARNING, ""));
        if (!warning.isEmpty()) {
            metadata.put(GeneratedImage.WARNING, warning);
        }
        return metadata;
    }

    private Provenance provenance(PngImage pixels) {
        boolean marked = pixels.signedFile()
                .map(file -> PngFileMetadata.read(file).source().isPresent())
                .orElse(marksImages);
        return new Provenance(marked, pixels.credentials());
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
