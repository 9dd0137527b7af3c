package io.atelier.gateway.upkeep.janitor;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.storage.ObjectKey;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a job needs an object, going by where the job stands. */
enum ObjectUse {
    /** The job is still open, or delivered the picture. */
    NEEDED,
    /** The job is over and does not name it: the leftover of a lost attempt, of a canceled job, or of a worker that was late. */
    ORPHANED,
    /** Nobody knows the job, or no job's folder holds it. */
    UNKNOWN;

    static ObjectUse of(ObjectKey key, Optional<Job> owner) {
        if (owner.isEmpty()) {
            return UNKNOWN;
        }
        var job = owner.get();
        boolean kept = job.erasure() == null
                && Stream.concat(job.images().stream(), job.grids().stream())
                        .map(StoredImage::key)
                        .anyMatch(key.value()::equals);
        return kept || !job.status().terminal() ? NEEDED : ORPHANED;
    }

    /** The job in whose folder the object lies; empty if it lies elsewhere. */
    static Optional<JobId> owner(ObjectKey key) {
        return Stream.of(key.value().split("/", -1))
                .flatMap(name -> JobId.parse(name).stream())
                .filter(job -> key.value().startsWith(JobFolder.of(job)))
                .findFirst();
    }
}
