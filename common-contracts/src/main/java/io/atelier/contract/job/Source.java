package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.image.StoredImage;
import org.jspecify.annotations.Nullable;

/**
 * A picture that a request wants changed: one of another job, or one that lies elsewhere. One of the two is there. Only its place travels,
 * never its bytes.
 *
 * @param generation the picture of another job; null if it lies elsewhere
 * @param imageUrl where it lies, an {@code https} address of a stranger; null if it is a job's
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Source(@Nullable OfJob generation, @Nullable String imageUrl) {

    public Source {
        if ((generation == null) == (imageUrl == null)) {
            throw new IllegalArgumentException("A source is a job's picture or an address: one of the two");
        }
    }

    public static Source of(JobId job, int index) {
        return new Source(new OfJob(job, index, null), null);
    }

    public static Source at(String imageUrl) {
        return new Source(null, imageUrl);
    }

    /** The same picture of a job, now that it is known where it lies. */
    public Source storedAs(StoredImage stored) {
        return generation == null ? this : new Source(new OfJob(generation.id(), generation.index(), stored), null);
    }

    /**
     * A picture of another job.
     *
     * @param index its number among the job's deliverables, from 0
     * @param stored where it lay when the request was accepted, and by which digest it is known again; null until then
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OfJob(JobId id, int index, @Nullable StoredImage stored) {}
}
