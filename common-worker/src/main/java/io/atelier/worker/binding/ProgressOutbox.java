package io.atelier.worker.binding;

import io.atelier.contract.work.TaskProgress;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * Progress that waits for the binding that publishes it. Lossy, as progress is for display only: when {@value #CAPACITY} entries wait, the
 * oldest is dropped. Never blocks; thread-safe.
 */
public final class ProgressOutbox implements Consumer<TaskProgress> {

    static final int CAPACITY = 1_000;

    private final BlockingQueue<TaskProgress> waiting = new ArrayBlockingQueue<>(CAPACITY);

    @Override
    public void accept(TaskProgress progress) {
        while (!waiting.offer(progress)) {
            waiting.poll();
        }
    }

    /** The oldest entry; empty if none waits. */
    Optional<TaskProgress> next() {
        return Optional.ofNullable(waiting.poll());
    }
}
