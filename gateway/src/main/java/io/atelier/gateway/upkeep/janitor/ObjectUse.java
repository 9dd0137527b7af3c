package io.atelier.gateway.upkeep.janitor;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.storage.ObjectKey;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a job needs an object, according to the state of the job. */
enum ObjectUse {
    /**
     * The job is open, or the object is one of its images, the PNG or the signed file of a provider beside one, a derivative of one, a text of an
     * avatar, or the list of the copies that it published.
     */
    NEEDED,
    /** The job has ended and does not refer to it: it was stored by a lost attempt, for a canceled job, or by a worker that was late, or is a preview. */
    ORPHANED,
    /** The job is unknown, or the object is not in the folder of a job. */
    UNKNOWN;

    static ObjectUse of(ObjectKey key, Optional<Job> owner) {
        if (owner.isEmpty()) {
            return UNKNOWN;
        }
        var job = owner.get();
        boolean needed = !job.status().terminal() || (job.erasure() == null && isKept(key.value(), job));
        return needed ? NEEDED : ORPHANED;
    }

    /**
     * Whether an ended job keeps an object until it is erased. Texts are kept whatever became of the job: a retry needs them. Copies that a job
     * published are of use only if it succeeded.
     */
    private static boolean isKept(String key, Job job) {
        return images(job).anyMatch(image -> belongsTo(key, image, job.id()))
                || JobFolder.isText(job.id(), key)
                || (job.status() == JobStatus.SUCCEEDED && JobFolder.isPublication(job.id(), key));
    }

    private static Stream<StoredImage> images(Job job) {
        return Stream.of(job.images().stream(), job.grids().stream(), Stream.ofNullable(job.base()))
                .flatMap(images -> images);
    }

    /** Whether a key is that of an image, of a file beside it, or of one of its derivatives. */
    private static boolean belongsTo(String key, StoredImage image, JobId job) {
        return key.equals(image.key())
                || key.equals(JobFolder.png(image.key()))
                || JobFolder.isOriginalOf(key, image.key())
                || JobFolder.derivedFrom(job, key)
                        .filter(image.sha256()::equals)
                        .isPresent();
    }

    /** The job in whose folder the object is; empty if it is elsewhere. */
    static Optional<JobId> owner(ObjectKey key) {
        return Stream.of(key.value().split("/", -1))
                .flatMap(name -> JobId.parse(name).stream())
                .filter(job -> key.value().startsWith(JobFolder.of(job)))
                .findFirst();
    }
}
