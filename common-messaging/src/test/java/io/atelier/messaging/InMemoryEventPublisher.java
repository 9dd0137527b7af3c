package io.atelier.messaging;

import io.atelier.contract.job.JobEvent;
import io.atelier.contract.work.SplitRequested;
import io.atelier.contract.work.WorkerCommand;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps published records in memory, in order. Fails like a publisher without brokers between {@link #goDown} and {@link #comeBack}. */
public final class InMemoryEventPublisher implements EventPublisher {

    private final List<JobEvent> events = new CopyOnWriteArrayList<>();
    private final List<SplitRequested> splits = new CopyOnWriteArrayList<>();
    private final List<WorkerCommand> commands = new CopyOnWriteArrayList<>();
    private final List<ForwardedTask> forwarded = new CopyOnWriteArrayList<>();
    private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
    private final List<WebhookDelivery> webhookDeliveries = new CopyOnWriteArrayList<>();
    private final AtomicInteger untilDown = new AtomicInteger(Integer.MAX_VALUE);
    private volatile boolean down;

    @Override
    public CompletableFuture<Void> publish(JobEvent event) {
        return keep(events, event);
    }

    @Override
    public CompletableFuture<Void> publish(SplitRequested task) {
        return keep(splits, task);
    }

    @Override
    public CompletableFuture<Void> publish(WorkerCommand command) {
        return keep(commands, command);
    }

    @Override
    public CompletableFuture<Void> forward(ForwardedTask task) {
        return keep(forwarded, task);
    }

    @Override
    public CompletableFuture<Void> deadLetter(DeadLetter deadLetter) {
        return keep(deadLetters, deadLetter);
    }

    @Override
    public CompletableFuture<Void> publish(WebhookDelivery delivery) {
        return keep(webhookDeliveries, delivery);
    }

    /** From now on publishing fails. */
    public void goDown() {
        down = true;
    }

    /** Publishing fails after this number of further records. */
    public void goDownAfter(int records) {
        untilDown.set(records);
    }

    /** From now on publishing works again. */
    public void comeBack() {
        untilDown.set(Integer.MAX_VALUE);
        down = false;
    }

    public List<JobEvent> events() {
        return List.copyOf(events);
    }

    /** The events of one kind. */
    public <E extends JobEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    public List<SplitRequested> splits() {
        return List.copyOf(splits);
    }

    public List<WorkerCommand> commands() {
        return List.copyOf(commands);
    }

    public List<ForwardedTask> forwarded() {
        return List.copyOf(forwarded);
    }

    public List<DeadLetter> deadLetters() {
        return List.copyOf(deadLetters);
    }

    public List<WebhookDelivery> webhookDeliveries() {
        return List.copyOf(webhookDeliveries);
    }

    private <T> CompletableFuture<Void> keep(List<T> records, T published) {
        if (down || untilDown.getAndUpdate(left -> left == Integer.MAX_VALUE ? left : left - 1) <= 0) {
            return CompletableFuture.failedFuture(
                    new PublishingFailed("The brokers are down", new ConnectException("down")));
        }
        records.add(published);
        return CompletableFuture.completedFuture(null);
    }
}
