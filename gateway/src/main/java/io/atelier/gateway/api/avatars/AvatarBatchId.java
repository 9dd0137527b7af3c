package io.atelier.gateway.api.avatars;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import java.util.Locale;
import java.util.Optional;

/**
 * The id of a batch of avatars: {@code avatar_batch_} and 26 characters of Crockford's base 32. The ids of its jobs are derived from it and from their
 * places in the batch, and each carries both as labels, see {@link AvatarBatchPlace}. So there is no store of batches.
 */
record AvatarBatchId(String value) {

    private static final String PREFIX = "avatar_batch_";
    private static final String JOB_PREFIX = "gen_";

    /** The batch whose id has the bits of a job's id. */
    static AvatarBatchId of(JobId id) {
        return new AvatarBatchId(PREFIX + id.value().substring(JOB_PREFIX.length()));
    }

    /** Parses an id in upper or lower case; empty if the text is none. */
    static Optional<AvatarBatchId> parse(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return lower.startsWith(PREFIX)
                ? JobId.parse(JOB_PREFIX + lower.substring(PREFIX.length())).map(AvatarBatchId::of)
                : Optional.empty();
    }

    /** The id of a job of the batch. */
    JobId job(int index) {
        return JobId.of(
                Sha256.of("atelier/avatar-batch/" + value + "\n" + index).uuid());
    }

    /** Whether a job with an id of the batch belongs to it. A client may have chosen the id; but only the gateway sets the labels. */
    boolean owns(Job job) {
        return job.erasure() != null
                || AvatarBatchPlace.of(job.request().labels())
                        .filter(place -> place.batch().equals(this))
                        .isPresent();
    }

    @Override
    public String toString() {
        return value;
    }
}
