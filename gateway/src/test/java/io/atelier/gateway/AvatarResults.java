package io.atelier.gateway;

import io.atelier.contract.image.Publication;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.JobStatus;
import io.atelier.contract.job.StoredPrompt;
import io.atelier.contract.job.StoredText;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.TextStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;

/** Avatars that have ended, with their images and prompts in the store. */
final class AvatarResults {

    static final byte[] BASE = bytes("the base");
    static final byte[] GRID = bytes("the grid");
    static final String PROMPT = "four views \u26f5";

    private final FakeJobs jobs;
    private final AuditedObjectStore store;

    AvatarResults(FakeJobs jobs, AuditedObjectStore store) {
        this.jobs = jobs;
        this.store = store;
    }

    /**
     * A job as it is after it succeeded.
     *
     * @param content the bytes of each image
     */
    Job succeeded(JobId job, int images, IntFunction<String> content) {
        var persona = Objects.requireNonNull(
                        jobs.find(job).orElseThrow().request().avatar())
                .personaId();
        var tiles = new ArrayList<StoredImage>();
        for (int i = 0; i < images; i++) {
            tiles.add(stored(job, "split-0", i, StoredImage.Kind.TILE, bytes(content.apply(i)))
                    .publishedAs(new Publication("avatars", "avatars/%s/img_%d.png".formatted(persona, i))));
        }
        var text = bytes(PROMPT);
        var key = JobFolder.text(job, "prompt-0", 1);
        store.put(new ObjectKey(key), text, TextStore.TEXT, Map.of()).join();
        return ended(job, JobStatus.SUCCEEDED)
                .base(stored(job, "base", 0, StoredImage.Kind.IMAGE, BASE))
                .images(tiles, List.of(stored(job, "grid-0", 0, StoredImage.Kind.GRID, GRID)))
                .prompts(List.of(
                        new StoredPrompt(0, new StoredText(key, SampleJobs.sha256(text), text.length), "template", 1)))
                .job();
    }

    /** A job that failed when it had a base image. */
    Job failed(JobId job) {
        return ended(job, JobStatus.FAILED)
                .base(stored(job, "base", 0, StoredImage.Kind.IMAGE, BASE))
                .error(new Failure(Failure.Code.MODERATION_BLOCKED, "=The \"provider\", refused it.", 400))
                .job();
    }

    /** The same job after its erasure. */
    Job erased(Job job) {
        var avatar = Objects.requireNonNull(job.request().avatar());
        var redacted = job.request().toBuilder()
                .labels(Map.of())
                .avatar(avatar.redacted())
                .build();
        return JobBuilder.of(job)
                .request(redacted)
                .erasure(new Job.Erasure(Instant.now(), false))
                .job();
    }

    private JobBuilder ended(JobId job, JobStatus status) {
        var now = Instant.now();
        return JobBuilder.of(jobs.find(job).orElseThrow())
                .state(9, status, "done")
                .times(now, now);
    }

    private StoredImage stored(JobId job, String task, int index, StoredImage.Kind kind, byte[] bytes) {
        var key = JobFolder.image(job, task, 1, index);
        store.putImage(key, bytes);
        return new StoredImage(
                index, kind, key, SampleJobs.sha256(bytes), bytes.length, "image/png", 512, 512, 77L, null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
