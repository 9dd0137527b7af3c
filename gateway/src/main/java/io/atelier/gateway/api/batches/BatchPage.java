package io.atelier.gateway.api.batches;

import io.atelier.contract.job.JobId;
import io.atelier.gateway.api.problem.Problem;
import io.atelier.gateway.api.problem.Problem.FieldError;
import io.atelier.gateway.api.request.ClientSuppliedId;
import io.atelier.gateway.api.request.PageLimit;
import io.atelier.gateway.api.request.ValidationErrors;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a batch's list that a request asks for.
 *
 * @param from the place of the first job, from 0
 * @param to the place behind that of the last job
 * @param size how many jobs the batch has
 */
public record BatchPage(int from, int to, int size) {

    /** The parameter with the id of the job before the page. */
    public static final String AFTER = "after";

    /**
     * Reads the parameters of a request. Without them the page is the whole list.
     *
     * @param maxLimit the largest number of jobs that may be asked for
     * @throws Problem of kind {@code VALIDATION_FAILED} with all errors
     */
    public static BatchPage read(
            @Nullable String after, @Nullable String limit, BatchKey batch, int size, int maxLimit) {
        var errors = new ValidationErrors();
        int from = after == null ? 0 : from(after, batch, size, errors);
        int length = limit == null ? size : length(limit, maxLimit, errors);
        errors.throwIfAny();
        return new BatchPage(from, Math.min(size, from + length), size);
    }

    private static int from(String after, BatchKey batch, int size, ValidationErrors errors) {
        var place =
                ClientSuppliedId.parse(after).map(id -> place(id, batch, size)).orElseGet(OptionalInt::empty);
        if (place.isEmpty()) {
            errors.add(FieldError.inParameter(AFTER, "Must be the id of a generation of this batch."));
        }
        return place.orElse(0) + 1;
    }

    private static OptionalInt place(JobId id, BatchKey batch, int size) {
        return IntStream.range(0, size)
                .filter(place -> batch.job(place).equals(id))
                .findFirst();
    }

    private static int length(String limit, int maxLimit, ValidationErrors errors) {
        var allowed = new PageLimit(maxLimit);
        var length = allowed.parse(limit);
        if (length.isEmpty()) {
            errors.add(FieldError.inParameter(PageLimit.NAME, allowed.allowed()));
        }
        return length.orElse(0);
    }

    /** Whether there are jobs after the page. */
    public boolean hasMore() {
        return to < size;
    }

    /** The page of a list that has an entry for each job. */
    public <T> List<T> of(List<T> all) {
        return all.subList(from, to);
    }

    /**
     * The value of the header {@code Link} with the next page; empty if there is none.
     *
     * @param path of the batch
     */
    public Optional<String> next(String path, BatchKey batch) {
        return hasMore()
                ? Optional.of("<%s?%s=%s&%s=%d>; rel=\"next\""
                        .formatted(path, AFTER, batch.job(to - 1), PageLimit.NAME, to - from))
                : Optional.empty();
    }
}
