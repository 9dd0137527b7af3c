package io.atelier.gateway.upkeep.janitor;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.storage.ObjectKey;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a job needs an object, according to the state of the job. */
enum ObjectUse {
    /** The job is open, or the object is one of its images, or the signed file of a provider that one was made from. */
    NEEDED,
    /** The job has ended and does not refer to it: it was stored by a lost attempt, for a canceled job, or by a worker that was late. */
    ORPHANED,
    /** The job is unknown, or the object is not in the folder of a job. */
    UNKNOWN;

    static ObjectUse of(ObjectKey key, Optional<Job> owner) {
        if (owner.isEmpty()) {
            return UNKNOWN;
        }
        var job = owner.get();
        boolean delivered = job.erasure() == null
                && Stream.concat(job.images().stream(), job.grids().stream())
                        .map(StoredImage::key)
                        .anyMatch(image -> key.value().equals(image) || JobFolder.isOriginalOf(key.value(), image));
        return delivered || !job.status().terminal() ? NEEDED : ORPHANED;
    }

    /** The job in whose folder the object is; empty if it is elsewhere. */
    static Optional<JobId> owner(ObjectKey key) {
        return Stream.of(key.value().split("/", -1))
                .flatMap(name -> JobId.parse(name).stream())
                .filter(job -> key.value().startsWith(JobFolder.of(job)))
                .findFirst();
    }
}
