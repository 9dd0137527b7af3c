package io.atelier.splitter.publish;

import io.atelier.contract.job.Failure.Code;
import io.atelier.storage.ObjectPublisher;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.storage.StoredObject;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.Futures;
import io.atelier.worker.task.TaskContext;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Makes the copies of one task, some at a time. Used by one thread. */
final class CopyBatches {

    private static final int AT_ONCE = 4;

    private final ObjectPublisher publisher;
    private final StoreRetry storeRetry;
    private final TaskContext context;

    /** Numbers of the images that were copied, also by a batch that was repeated. */
    private final Set<Integer> copied = new HashSet<>();

    CopyBatches(ObjectPublisher publisher, StoreRetry storeRetry, TaskContext context) {
        this.publisher = publisher;
        this.storeRetry = storeRetry;
        this.context = context;
    }

    /**
     * Makes all copies. None is under way when it returns or throws.
     *
     * @throws PublishFailed if an image is missing, is another one, or could not be copied
     */
    void copyAll(List<PlannedCopy> planned) throws InterruptedException {
        for (int first = 0; first < planned.size(); first += AT_ONCE) {
            context.checkpoint();
            var batch = planned.subList(first, Math.min(first + AT_ONCE, planned.size()));
            try {
                storeRetry.call(() -> copy(batch), context::waitForStore);
            } catch (ObjectStoreFailed e) {
                throw failed(e);
            }
            context.progress("publish", copied.size(), planned.size());
        }
    }

    private List<PlannedCopy> copy(List<PlannedCopy> batch) throws InterruptedException {
        var metadata = Map.of(ObjectPublisher.JOB, context.attempt().job().value());
        var copies = batch.stream()
                .map(copy -> publisher.publish(copy.from(), copy.to(), metadata))
                .toList();
        Futures.await(AvatarPublisher.ended(copies));
        for (int number = 0; number < batch.size(); number++) {
            if (!copies.get(number).isCompletedExceptionally()) {
                copied.add(batch.get(number).image().index());
            }
        }
        for (int number = 0; number < batch.size(); number++) {
            requireCopy(copies.get(number), batch.get(number));
        }
        return batch;
    }

    private static void requireCopy(CompletableFuture<StoredObject> copy, PlannedCopy planned)
            throws InterruptedException {
        var number = planned.image().index();
        try {
            if (!AvatarPublisher.isCopy(Futures.await(copy), planned)) {
                throw new PublishFailed(
                        Code.SOURCE_UNAVAILABLE, "Image %d is not the one that the job announced.".formatted(number));
            }
        } catch (ObjectStoreFailed e) {
            if (e.kind() == ObjectStoreFailed.Kind.NOT_FOUND) {
                throw new PublishFailed(
                        Code.SOURCE_UNAVAILABLE, "Image %d does not exist any more.".formatted(number), e);
            }
            throw e;
        }
    }

    private PublishFailed failed(ObjectStoreFailed cause) {
        var message = copied.isEmpty()
                ? cause.publicMessage()
                : "Batch upload failed after %d successful uploads: %s".formatted(copied.size(), cause.publicMessage());
        return new PublishFailed(Code.STORAGE_ERROR, message, cause);
    }
}
