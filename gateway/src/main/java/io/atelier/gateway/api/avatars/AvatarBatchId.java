package io.atelier.gateway.api.avatars;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.batches.BatchKey;
import io.atelier.gateway.api.batches.BatchReader.Kind;
import io.atelier.gateway.api.request.RequestLimits;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The id of a batch of avatars: {@code avatar_batch_} and 26 characters of Crockford's base 32. The ids of its jobs are derived from it and from their
 * places in the batch, and each carries both as labels, see {@link AvatarBatchPlace}. So there is no store of batches.
 */
public record AvatarBatchId(String value) implements BatchKey {

    /** Batches of avatars. */
    public static final Kind<AvatarBatchId> KIND = new Kind<>(
            AvatarBatchId::parse,
            "batch of avatars: 'avatar_batch_' and 26 characters of 0-9 a-z without i, l, o, u",
            "avatars",
            RequestLimits.MAX_BATCH_PERSONAS);

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

    @Override
    public JobId job(int index) {
        return JobId.of(
                Sha256.of("atelier/avatar-batch/" + value + "\n" + index).uuid());
    }

    @Override
    public boolean owns(Job job) {
        return job.erasure() != null || place(job).isPresent();
    }

    @Override
    public OptionalInt size(Job job) {
        return place(job).map(place -> OptionalInt.of(place.size())).orElseGet(OptionalInt::empty);
    }

    private Optional<AvatarBatchPlace> place(Job job) {
        return AvatarBatchPlace.of(job.request().labels())
                .filter(place -> place.batch().equals(this));
    }

    @Override
    public String toString() {
        return value;
    }
}
