package io.atelier.generator;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.WorkerCommand;
import io.atelier.messaging.DeadLetter;
import io.atelier.messaging.EventPublisher;
import io.atelier.messaging.ForwardedTask;
import io.atelier.messaging.WebhookDelivery;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A publisher that counts how many images are in the store at the moment when they are reported. */
final class Announcements implements EventPublisher {

    private final ObjectStore store;
    private final AtomicInteger fetchable = new AtomicInteger();

    Announcements(ObjectStore store) {
        this.store = store;
    }

    int fetchable() {
        return fetchable.get();
    }

    @Override
    public CompletableFuture<Void> publish(JobEvent event) {
        if (event instanceof TaskSucceeded succeeded) {
            for (var image : succeeded.images()) {
                store.find(new ObjectKey(image.key())).join().ifPresent(found -> fetchable.incrementAndGet());
            }
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> publish(SplitRequested task) {
        throw new UnsupportedOperationException("A generator publishes no tasks.");
    }

    @Override
    public CompletableFuture<Void> publish(WorkerCommand command) {
        throw new UnsupportedOperationException("Only gateways publish requests to workers.");
    }

    @Override
    public CompletableFuture<Void> forward(ForwardedTask task) {
        throw new UnsupportedOperationException("Only the task consumer forwards tasks.");
    }

    @Override
    public CompletableFuture<Void> deadLetter(DeadLetter deadLetter) {
        throw new UnsupportedOperationException("Only the task consumer publishes dead letters.");
    }

    @Override
    public CompletableFuture<Void> publish(WebhookDelivery delivery) {
        throw new UnsupportedOperationException("Only gateways publish deliveries to webhooks.");
    }
}
