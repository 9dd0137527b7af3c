package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.FileId;
import io.atelier.contract.image.StoredImage;
import org.jspecify.annotations.Nullable;

/**
 * A source image of an edit, its mask, or an image to split: an image of another job, an image at a URL, or an uploaded file. Exactly one of the three is set. Records
 * contain the reference, never the bytes.
 *
 * @param generation image of another job; null if it is another source
 * @param imageUrl {@code https} URL outside Atelier, not trusted; null if it is another source
 * @param file uploaded file; null if it is another source
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Source(
        @Nullable OfJob generation,
        @Nullable String imageUrl,
        @Nullable OfFile file) {

    public Source {
        int set = (generation == null ? 0 : 1) + (imageUrl == null ? 0 : 1) + (file == null ? 0 : 1);
        if (set != 1) {
            throw new IllegalArgumentException(
                    "A source needs one of 'generation', 'image_url' and 'file'; got " + set);
        }
    }

    /** An image of another job that is not resolved yet. */
    public static Source of(JobId job, int index) {
        return new Source(new OfJob(job, index, null), null, null);
    }

    /** An uploaded file that is not resolved yet. */
    public static Source of(FileId file) {
        return new Source(null, null, new OfFile(file, null));
    }

    /** An image at a URL. */
    public static Source at(String imageUrl) {
        return new Source(null, imageUrl, null);
    }

    /** The stored image that the source refers to; null if it is not resolved yet, and for a URL. */
    public @Nullable StoredImage stored() {
        if (file != null) {
            return file.stored();
        }
        return generation == null ? null : generation.stored();
    }

    /** The same source with the stored image that it refers to; unchanged if the source is a URL. */
    public Source storedAs(StoredImage stored) {
        if (file != null) {
            return new Source(null, null, new OfFile(file.id(), stored));
        }
        return generation == null
                ? this
                : new Source(new OfJob(generation.id(), generation.index(), stored), null, null);
    }

    /**
     * An uploaded file.
     *
     * @param id id of the file
     * @param stored key and digest of the file when the request was accepted; null before
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OfFile(FileId id, @Nullable StoredImage stored) {}

    /**
     * An image of another job.
     *
     * @param id id of the other job
     * @param index number of the image in {@link Job#images}, from 0
     * @param stored key and digest of the image when the request was accepted; null before
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OfJob(JobId id, int index, @Nullable StoredImage stored) {}
}
