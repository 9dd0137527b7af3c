package io.atelier.generator;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.image.JpegEncoding;
import io.atelier.contract.image.Provenance;
import io.atelier.contract.image.Provenance.ContentCredentials;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.decode.ImageDecodingException;
import io.atelier.image.decode.ImageFileFormat;
import io.atelier.image.jpeg.JpegWriter;
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
    private final JpegWriter jpeg = new JpegWriter();

    /** @param marksImages whether files say that they are generated, see {@code WorkerProperties} */
    ImageRepository(ObjectStore store, boolean marksImages) {
        this.images = new TaskImageRepository(store);
        this.marksImages = marksImages;
    }

    /**
     * Finds the images of an earlier delivery of the task, or of an earlier attempt at it: the report of one that succeeded can be lost. Empty unless
     * all images of an attempt are stored.
     *
     * @throws ObjectStoreFailed if the store cannot be searched
     */
    Optional<TaskOutput> find(GenerationRequested task) throws InterruptedException {
        for (int attempt = task.attempt(); attempt >= 1; attempt--) {
            var found = images.findAll(
                    task.job(), task.task(), attempt, task.request().n(), delivery(task));
            if (found.isPresent()) {
                return found.map(ImageRepository::output);
            }
        }
        return Optional.empty();
    }

    /**
     * Encodes images as PNG, and also as JPEG if they are delivered so. Waits for the budget of memory. A PNG of a provider that has a C2PA manifest
     * stays as it is; what it would say beside that is in its metadata. A signed file that had to be converted or cut is kept beside the image.
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
            var text = text(task, request, image, seed);
            var file = image.pixels().signedFile().orElseGet(() -> png.write(image.pixels(), text));
            var encoded = new PendingImage(key, file, metadata(task, image, seed));
            var signed = image.pixels().signedOriginal();
            if (signed.isPresent()) {
                encoded = encoded.withOriginal(signed.get(), mediaType(signed.get()));
            }
            var delivery = delivery(task);
            if (delivery != null) {
                encoded = encoded.withJpeg(jpeg(image, delivery, text), jpegProvenance(image.pixels()));
            }
            pending.add(encoded);
        }
        return List.copyOf(pending);
    }

    /** How the images are delivered as JPEG; null for PNG. A grid is cut before it is delivered, so it is not. */
    private static @Nullable JpegEncoding delivery(GenerationRequested task) {
        return task.request().grid() == null ? task.request().jpeg() : null;
    }

    private byte[] jpeg(GeneratedImage image, JpegEncoding delivery, PngTextChunks text) {
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

    private static String mediaType(byte[] file) {
        return ImageFileFormat.of(file).map(ImageFileFormat::mediaType).orElse("application/octet-stream");
    }

    private PngTextChunks text(
            GenerationRequested task, GenerationRequest request, GeneratedImage image, @Nullable Long seed) {
        var text = PngTextChunks.of(task.job(), request, seed, image.pixels().header(), image.metadata());
        return marksImages ? text.marked(sourceType(task)) : text;
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

    /** The JPEG has the mark, but not the signature, which is that of another file. */
    private Provenance jpegProvenance(PngImage pixels) {
        var credentials = pixels.credentials();
        return new Provenance(
                marksImages, credentials == ContentCredentials.KEPT ? ContentCredentials.DROPPED : credentials);
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
