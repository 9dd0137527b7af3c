package io.atelier.gateway.api.batches;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.Job;
import io.atelier.gateway.api.generations.Generation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON of a batch. */
@Schema(name = "Batch")
record Batch(
        @Schema(example = "batch_06dahq1v1tw0f8v0sjy2m7sqs0")
        String id,

        @Schema(allowableValues = "batch") String object,

        @Schema(description = "Whether all of its generations have ended")
        boolean terminal,

        @Schema(description = "How many prompts it has") int size,

        @Schema(description = "How many results have each status; those that none has are left out")
        Map<String, Integer> counts,

        @Schema(
                description =
                        "One for each prompt, in their order, or those of the page that was asked for. Each succeeds or"
                                + " fails by itself")
        List<Result> results,

        @Schema(description = "Whether there are more after this page")
        boolean hasMore,

        @Schema(description = "The cursor for 'after'; null if the page is empty") @Nullable
        String lastId,

        Urls urls) {

    private static final String ERASED = "erased";
    private static final String MISSING = "missing";

    static Batch of(BatchId id, List<Result> results, String path) {
        var counts = new TreeMap<String, Integer>();
        results.forEach(result -> counts.merge(result.status(), 1, Integer::sum));
        return new Batch(
                id.value(),
                "batch",
                results.stream().allMatch(Result::isTerminal),
                results.size(),
                counts,
                results,
                false,
                lastId(results),
                new Urls(path));
    }

    /** The same batch with a page of its list. */
    Batch page(BatchPage page) {
        var part = page.of(results);
        return new Batch(id, object, terminal, size, counts, part, page.hasMore(), lastId(part), urls);
    }

    private static @Nullable String lastId(List<Result> results) {
        return results.isEmpty() ? null : results.get(results.size() - 1).id();
    }

    /** The generation of one prompt. */
    @Schema(name = "BatchResult")
    record Result(
            @Schema(description = "The place of the prompt, from 0")
            int index,

            @Schema(
                    description = "The id of the generation; it is known before the generation exists",
                    example = "gen_06dahq1v1tw0f8v0sjy2m7sqs0")
            String id,

            @Schema(
                    description =
                            "The status of the generation; or 'erased', or 'missing' if it was not created because the"
                                    + " request broke off (repeat it with its Idempotency-Key), or was erased long ago",
                    allowableValues = {
                        "queued",
                        "running",
                        "succeeded",
                        "failed",
                        "canceled",
                        "expired",
                        ERASED,
                        MISSING
                    })
            String status,

            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Schema(description = "Left out if it was erased or is missing")
            @Nullable
            Generation generation) {

        /** The result of a prompt whose generation exists. */
        static Result of(int index, Job job, Generation generation) {
            return job.erasure() == null
                    ? new Result(index, job.id().value(), job.status().word(), generation)
                    : new Result(index, job.id().value(), ERASED, null);
        }

        /** The result of a prompt without a generation. */
        static Result missing(BatchId batch, int index) {
            return new Result(index, batch.job(index).value(), MISSING, null);
        }

        private boolean isTerminal() {
            return generation == null || generation.terminal();
        }
    }

    /** The paths of the batch. */
    @Schema(name = "BatchUrls")
    record Urls(String self) {}
}
