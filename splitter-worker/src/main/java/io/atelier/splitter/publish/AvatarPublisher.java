package io.atelier.splitter.publish;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.contract.job.PublishedCopies;
import io.atelier.contract.job.Worker;
import io.atelier.contract.work.PublishRequested;
import io.atelier.messaging.EventCodec;
import io.atelier.storage.KeyTemplate;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.storage.TextStore;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.Futures;
import io.atelier.worker.task.TaskAttempt;
import io.atelier.worker.task.TaskContext;
import io.atelier.worker.task.TaskLogic;
import io.atelier.worker.task.TaskOutput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes the images of a task: stores the list of its copies, makes the copies, checks them, and only then reports any. A repetition makes the
 * same copies again. Waits for a store that is down. Thread-safe.
 */
public final class AvatarPublisher implements TaskLogic<PublishRequested> {

    private final Worker worker;
    private final ObjectStore store;
    private final ObjectPublisher publisher;
    private final KeyTemplate keys;
    private final StoreRetry storeRetry;
    private final PublishingHealth health;

    /** @param health learns whether the bucket takes copies */
    public AvatarPublisher(
            Worker worker,
            ObjectStore store,
            ObjectPublisher publisher,
            KeyTemplate keys,
            StoreRetry storeRetry,
            PublishingHealth health) {
        this.worker = worker;
        this.store = store;
        this.publisher = publisher;
        this.keys = keys;
        this.storeRetry = storeRetry;
        this.health = health;
    }

    /** The description names no persona, because it is logged. */
    @Override
    public TaskAttempt attempt(Lease<PublishRequested> lease) {
        var task = lease.task();
        var description = task.tiles().size() + " images to publish";
        return new TaskAttempt(task.job(), task.task(), lease.attempt(), worker, description);
    }

    @Override
    public TaskOutput run(PublishRequested task, TaskContext context) throws InterruptedException {
        var planned = PlannedCopy.of(task, keys);
        var list = storeRetry.call(() -> storeList(task.job(), planned), context::waitForStore);
        copy(task.job(), planned, context);
        storeRetry.call(() -> requireList(list, task.job(), planned), context::waitForStore);
        var images = planned.stream()
                .map(copy -> copy.image().publishedAs(copy.publication(publisher.bucket())))
                .toList();
        return new TaskOutput(images, List.of(), null);
    }

    @Override
    public Optional<Failure> failure(RuntimeException thrown) {
        if (thrown instanceof PublishFailed failed) {
            return Optional.of(failed.failure());
        }
        if (thrown instanceof ObjectStoreFailed failed) {
            return Optional.of(new Failure(Code.STORAGE_ERROR, failed.publicMessage()));
        }
        return Optional.empty();
    }

    private void copy(JobId job, List<PlannedCopy> planned, TaskContext context) throws InterruptedException {
        try {
            new CopyBatches(publisher, storeRetry, context).copyAll(planned);
            storeRetry.call(() -> checkAll(job, planned), context::waitForStore);
            health.published();
        } catch (ObjectStoreFailed | PublishFailed failed) {
            health.failed(failed);
            throw failed;
        }
    }

    /** Stores the list before the first copy, so that no copy can exist that an erasure does not find. */
    private ObjectKey storeList(JobId job, List<PlannedCopy> planned) throws InterruptedException {
        var copies = planned.stream()
                .map(copy -> copy.publication(publisher.bucket()))
                .toList();
        var json = EventCodec.json().writeValueAsBytes(new PublishedCopies(job, copies));
        var key = new ObjectKey(JobFolder.publication(job, StoredObject.sha256Of(json)));
        return Futures.await(store.put(key, json, TextStore.JSON, Map.of())).key();
    }

    /** Checks that every copy is there and is that of the image, unless a later job of the persona has overwritten it by now. */
    private List<PlannedCopy> checkAll(JobId job, List<PlannedCopy> planned) throws InterruptedException {
        var found = planned.stream()
                .map(copy -> publisher.find(copy.publication(publisher.bucket())))
                .toList();
        Futures.await(ended(found));
        for (int number = 0; number < planned.size(); number++) {
            var copy = Futures.await(found.get(number));
            if (copy.isEmpty() || (isOf(job, copy.get()) && !isCopy(copy.get(), planned.get(number)))) {
                throw new PublishFailed(
                        Code.STORAGE_ERROR,
                        "The published copy of image %d is %s."
                                .formatted(number, copy.isEmpty() ? "missing" : "not the image"));
            }
        }
        return planned;
    }

    /**
     * Removes the copies again if their list was deleted meanwhile: the job has ended or was erased while this worker still copied, and nothing else would
     * find them.
     */
    private ObjectKey requireList(ObjectKey list, JobId job, List<PlannedCopy> planned) throws InterruptedException {
        if (Futures.await(store.find(list)).isPresent()) {
            return list;
        }
        for (var copy : planned) {
            var publication = copy.publication(publisher.bucket());
            var found = Futures.await(publisher.find(publication));
            if (found.isPresent() && isOf(job, found.get())) {
                Futures.await(publisher.remove(publication));
            }
        }
        throw new PublishFailed(
                Code.SOURCE_UNAVAILABLE, "The job was ended or erased while its images were published.");
    }

    private static boolean isOf(JobId job, StoredObject copy) {
        return job.value().equals(copy.metadata().get(ObjectPublisher.JOB));
    }

    static boolean isCopy(StoredObject copy, PlannedCopy planned) {
        return copy.sha256().equals(planned.image().sha256())
                && copy.bytes() == planned.image().bytes();
    }

    /** Completes when all have ended, whether they failed or not. */
    static CompletableFuture<Void> ended(List<? extends CompletableFuture<?>> calls) {
        return CompletableFuture.allOf(calls.stream()
                .map(call -> call.handle((result, failure) -> failure == null))
                .toArray(CompletableFuture<?>[]::new));
    }
}
