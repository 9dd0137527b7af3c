package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.StoredImage;
import org.jspecify.annotations.Nullable;

/**
 * A source image of an edit: an image of another job, or an image at a URL. Exactly one of the two is set. Records contain the reference,
 * never the bytes.
 *
 * @param generation image of another job; null if the image is at a URL
 * @param imageUrl {@code https} URL outside Atelier, not trusted; null if the image is of a job
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Source(@Nullable OfJob generation, @Nullable String imageUrl) {

    public Source {
        if ((generation == null) == (imageUrl == null)) {
            throw new IllegalArgumentException("A source needs either 'generation' or 'image_url', not both");
        }
    }

    /** An image of another job that is not resolved yet. */
    public static Source of(JobId job, int index) {
        return new Source(new OfJob(job, index, null), null);
    }

    /** An image at a URL. */
    public static Source at(String imageUrl) {
        return new Source(null, imageUrl);
    }

    /** The stored image that the source refers to; null if it is not resolved yet, and for a URL. */
    public @Nullable StoredImage stored() {
        return generation == null ? null : generation.stored();
    }

    /** The same source with the stored image that it refers to; unchanged if the source is a URL. */
    public Source storedAs(StoredImage stored) {
        return generation == null ? this : new Source(new OfJob(generation.id(), generation.index(), stored), null);
    }

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
