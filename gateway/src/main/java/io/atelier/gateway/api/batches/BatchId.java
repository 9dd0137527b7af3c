package io.atelier.gateway.api.batches;

import io.atelier.contract.digest.Sha256;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.batches.BatchReader.Kind;
import io.atelier.gateway.api.request.RequestLimits;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The id of a batch: {@code batch_} and 26 characters of Crockford's base 32. The ids of its generations are derived from it and from their place in the
 * batch, and each carries both as labels. So the generations of a batch are found without a store of batches, in their order, and a repeated request finds
 * those that it created.
 */
record BatchId(String value) implements BatchKey {

    /** Batches of generations. */
    static final Kind<BatchId> KIND = new Kind<>(
            BatchId::parse,
            "batch: 'batch_' and 26 characters of 0-9 a-z without i, l, o, u",
            "generations",
            RequestLimits.MAX_BATCH_PROMPTS);

    /** The labels of a generation that belongs to a batch. */
    static final String LABEL = "batch.id";

    static final String INDEX_LABEL = "batch.index";
    static final String SIZE_LABEL = "batch.size";

    private static final String PREFIX = "batch_";
    private static final String JOB_PREFIX = "gen_";
    private static final Pattern SIZE = Pattern.compile("[1-9][0-9]{0,3}");

    /** The batch whose id has the bits of a generation's id. */
    static BatchId of(JobId id) {
        return new BatchId(PREFIX + id.value().substring(JOB_PREFIX.length()));
    }

    /** Parses an id in upper or lower case; empty if the text is none. */
    static Optional<BatchId> parse(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return lower.startsWith(PREFIX)
                ? JobId.parse(JOB_PREFIX + lower.substring(PREFIX.length())).map(BatchId::of)
                : Optional.empty();
    }

    @Override
    public JobId job(int index) {
        return JobId.of(Sha256.of("atelier/batch/" + value + "\n" + index).uuid());
    }

    /** The labels of a generation of the batch, with those of the client. */
    Map<String, String> labels(Map<String, String> own, int index, int size) {
        var labels = new HashMap<>(own);
        labels.put(LABEL, value);
        labels.put(INDEX_LABEL, Integer.toString(index));
        labels.put(SIZE_LABEL, Integer.toString(size));
        return labels;
    }

    @Override
    public boolean owns(Job job) {
        return job.erasure() != null || value.equals(job.request().labels().get(LABEL));
    }

    @Override
    public OptionalInt size(Job job) {
        var labels = job.request().labels();
        var size = labels.getOrDefault(SIZE_LABEL, "");
        return value.equals(labels.get(LABEL)) && SIZE.matcher(size).matches()
                ? OptionalInt.of(Integer.parseInt(size))
                : OptionalInt.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
