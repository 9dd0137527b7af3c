package io.atelier.gateway.api.avatars;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobStatus;
import io.atelier.gateway.api.batches.BatchPage;
import io.atelier.gateway.api.generations.ApiPaths;
import io.atelier.gateway.api.generations.Generation;
import io.atelier.gateway.api.generations.JobError;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON of a batch of avatars. */
@Schema(name = "AvatarBatch")
public record AvatarBatch(
        @Schema(example = "avatar_batch_06dahq1v1tw0f8v0sjy2m7sqs0")
        String id,

        @Schema(allowableValues = "avatar_batch") String object,

        @Schema(
                description =
                        "running until all avatars have ended; then completed if all succeeded, failed if none did,"
                                + " else completed_with_errors",
                allowableValues = {RUNNING, COMPLETED, WITH_ERRORS, FAILED})
        String status,

        @Schema(description = "Whether all of its avatars have ended")
        boolean terminal,

        @Schema(description = "How many personas it has") int size,

        @Schema(description = "How many of its avatars may be made at the same time")
        int concurrency,

        @Schema(description = "How many avatars have each status; those that none has are left out")
        Map<String, Integer> counts,

        @Schema(
                description =
                        "One for each persona, in their order, or those of the page that was asked for. Each succeeds"
                                + " or fails by itself")
        List<Item> avatars,

        @Schema(description = "Whether there are more after this page")
        boolean hasMore,

        @Schema(description = "The cursor for 'after'; null if the page is empty") @Nullable
        String lastId,

        Urls urls) {

    private static final String RUNNING = "running";
    private static final String COMPLETED = "completed";
    private static final String WITH_ERRORS = "completed_with_errors";
    private static final String FAILED = "failed";
    private static final String ERASED = "erased";
    private static final String MISSING = "missing";

    /**
     * The batch as it is now.
     *
     * @param jobs by the places of their personas */
    public static AvatarBatch of(AvatarBatchPlace place, Map<Integer, Job> jobs, ApiPaths paths) {
        var items = new ArrayList<Item>();
        var counts = new TreeMap<String, Integer>();
        for (int i = 0; i < place.size(); i++) {
            var job = jobs.get(i);
            var item = job == null ? Item.missing(place.batch(), i, paths) : Item.of(i, job, paths);
            items.add(item);
            counts.merge(item.status(), 1, Integer::sum);
        }
        var status = status(place, jobs.values());
        return new AvatarBatch(
                place.batch().value(),
                "avatar_batch",
                status,
                !status.equals(RUNNING),
                place.size(),
                place.concurrency(),
                counts,
                items,
                false,
                lastId(items),
                new Urls(path(place.batch(), paths)));
    }

    /** The same batch with a page of its list. */
    AvatarBatch page(BatchPage page) {
        return with(page.of(avatars), page.hasMore());
    }

    /** The same batch with the generations of its avatars, by the places of their personas. */
    public AvatarBatch with(Map<Integer, Generation> generations) {
        return with(
                avatars.stream()
                        .map(item -> item.with(generations.get(item.index())))
                        .toList(),
                hasMore);
    }

    private AvatarBatch with(List<Item> items, boolean more) {
        return new AvatarBatch(
                id, object, status, terminal, size, concurrency, counts, items, more, lastId(items), urls);
    }

    private static @Nullable String lastId(List<Item> items) {
        return items.isEmpty() ? null : items.get(items.size() - 1).id();
    }

    /** The path of a batch. */
    static String path(AvatarBatchId id, ApiPaths paths) {
        return paths.base() + AvatarBatchController.PATH + "/" + id;
    }

    /** An erased avatar counts as what it was. */
    private static String status(AvatarBatchPlace place, Collection<Job> jobs) {
        if (jobs.stream().anyMatch(job -> !job.status().terminal())) {
            return RUNNING;
        }
        long succeeded =
                jobs.stream().filter(job -> job.status() == JobStatus.SUCCEEDED).count();
        if (succeeded == place.size()) {
            return COMPLETED;
        }
        return succeeded == 0 ? FAILED : WITH_ERRORS;
    }

    /** The avatar of one persona. */
    @Schema(name = "AvatarBatchItem")
    public record Item(
            @Schema(description = "The place of the persona, from 0")
            int index,

            @Schema(description = "The client's own id of the person; null if the avatar was erased or is missing")
            @Nullable
            String personaId,

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

            @Schema(
                    description = "The stage of the generation, such as held until its turn; null if it is missing",
                    example = "held")
            @Nullable
            String stage,

            @Schema(description = "Why it failed; left out if it did not")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            JobError error,

            @Schema(
                    description = "In an export only: the generation, with its images; left out if it was erased or is"
                            + " missing")
            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Nullable
            Generation generation,

            Urls urls) {

        private static Item of(int index, Job job, ApiPaths paths) {
            var avatar = job.request().avatar();
            return new Item(
                    index,
                    avatar == null ? null : avatar.personaId(),
                    job.id().value(),
                    job.erasure() == null ? job.status().word() : ERASED,
                    job.stage(),
                    job.error() == null ? null : JobError.of(job.error()),
                    null,
                    new Urls(paths.job(job.id())));
        }

        private static Item missing(AvatarBatchId batch, int index, ApiPaths paths) {
            var id = batch.job(index);
            return new Item(index, null, id.value(), MISSING, null, null, null, new Urls(paths.job(id)));
        }

        /** Whether there is no generation, not even an erased one. */
        public boolean lacksGeneration() {
            return status.equals(MISSING);
        }

        private Item with(@Nullable Generation found) {
            return new Item(index, personaId, id, status, stage, error, found, urls);
        }
    }

    /** The paths of a batch or an avatar. */
    @Schema(name = "AvatarBatchUrls")
    public record Urls(String self) {}
}
