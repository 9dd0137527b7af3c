package io.atelier.gateway.api.avatars;

import io.atelier.gateway.api.batches.BatchReader.Found;
import io.atelier.gateway.api.request.RequestLimits;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The place of a job in a batch of avatars, as its labels say it.
 *
 * @param index of the persona, from 0
 * @param size how many personas the batch has
 * @param concurrency how many of its jobs may run at the same time, at least 1
 */
public record AvatarBatchPlace(AvatarBatchId batch, int index, int size, int concurrency) {

    private static final String LABEL = "avatar-batch.id";
    private static final String INDEX_LABEL = "avatar-batch.index";
    private static final String SIZE_LABEL = "avatar-batch.size";
    private static final String CONCURRENCY_LABEL = "avatar-batch.concurrency";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

    /** The place in the labels of a job; empty if it belongs to no batch, and after an erasure. */
    static Optional<AvatarBatchPlace> of(Map<String, String> labels) {
        var batch = AvatarBatchId.parse(labels.getOrDefault(LABEL, ""));
        var index = number(labels, INDEX_LABEL);
        var size = number(labels, SIZE_LABEL);
        var concurrency = number(labels, CONCURRENCY_LABEL);
        if (index.isEmpty() || size.isEmpty() || concurrency.isEmpty()) {
            return Optional.empty();
        }
        return batch.map(id -> new AvatarBatchPlace(id, index.getAsInt(), size.getAsInt(), concurrency.getAsInt()))
                .filter(AvatarBatchPlace::isPossible);
    }

    /** The place of the first avatar of a batch whose labels are known. */
    public static AvatarBatchPlace of(Found<AvatarBatchId> found) {
        return found.jobs().values().stream()
                .flatMap(job -> of(job.request().labels()).stream())
                .findFirst()
                .orElseThrow();
    }

    private boolean isPossible() {
        return size <= RequestLimits.MAX_BATCH_PERSONAS && index < size && concurrency > 0;
    }

    private static OptionalInt number(Map<String, String> labels, String label) {
        var text = labels.getOrDefault(label, "");
        return NUMBER.matcher(text).matches() ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    /** The labels of the job, with those of the client. */
    Map<String, String> labels(Map<String, String> own) {
        var labels = new HashMap<>(own);
        labels.put(LABEL, batch.value());
        labels.put(INDEX_LABEL, Integer.toString(index));
        labels.put(SIZE_LABEL, Integer.toString(size));
        labels.put(CONCURRENCY_LABEL, Integer.toString(concurrency));
        return labels;
    }
}
