package io.atelier.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a generation. The server may have more fields; those that are here never change their meaning.
 *
 * @param version increases by one with each change
 * @param status {@code queued}, {@code running}, {@code succeeded}, {@code failed}, {@code canceled} or {@code expired}
 * @param stage detail of the status; more values may come
 * @param terminal whether the status is final
 * @param model the model that generates the images; null if the generation only splits images
 * @param requestedModel the model that the request named
 * @param progress of the running task; null if it is not known
 * @param images the deliverables, from index 0; those of left-out tiles are missing
 * @param warnings what is not exactly as requested
 * @param error why it ended without images; null unless it did
 */
public record GenerationView(
        String id,
        int version,
        String status,
        String stage,
        boolean terminal,
        Instant createdAt,
        @Nullable Instant completedAt,
        @Nullable String model,
        @Nullable String requestedModel,
        @Nullable StepProgress progress,
        List<ImageView> images,
        List<Notice> warnings,
        @Nullable Failed error,
        Map<String, String> labels,
        @Nullable String clientRef) {

    public GenerationView {
        images = images == null ? List.of() : List.copyOf(images);
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
        labels = labels == null ? Map.of() : Map.copyOf(labels);
    }

    /** Whether it has ended with images. */
    public boolean succeeded() {
        return status.equals("succeeded");
    }

    /**
     * How far a task is.
     *
     * @param fraction 0 to 1
     */
    public record StepProgress(
            double fraction, int step, int steps, @Nullable String phase) {}

    /**
     * An image.
     *
     * @param bytes length of the file
     * @param sha256 of the file, 64 lower-case hex digits
     * @param seed with which it was generated; null if it is not known
     */
    public record ImageView(
            int index,
            String mediaType,
            int width,
            int height,
            long bytes,
            String sha256,
            @Nullable Long seed) {}

    /** A notice about the result. */
    public record Notice(String code, String message) {}

    /** A failure. */
    public record Failed(String code, String message, boolean retryable) {}
}
