package io.atelier.contract.job;

import io.atelier.contract.image.Publication;
import java.util.List;

/**
 * A list of the copies that a job publishes. It is JSON in the folder of the job, stored before the first copy is made, so that all of them can be
 * found and deleted.
 *
 * @param job job whose images are copied
 * @param copies where the copies are, or would be
 */
public record PublishedCopies(JobId job, List<Publication> copies) {

    public PublishedCopies {
        copies = List.copyOf(copies);
    }
}
