package io.atelier.gateway.api.generations;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.JobId;
import java.util.Optional;

/**
 * The addresses of images, as the client of a request sees them.
 *
 * @param paths of this API
 * @param published of published copies
 */
public record ImageUrls(ApiPaths paths, PublishedUrls published) {

    /** The address of a deliverable: that of its published copy, if that has one. */
    public String image(JobId job, StoredImage image) {
        return Optional.ofNullable(image.published())
                .flatMap(published::of)
                .orElseGet(() -> paths.image(job, image.index()));
    }
}
