package io.atelier.worker.cancellation;

import io.atelier.contract.work.WorkerCommand;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Passes requests to all workers on to the parts of this process that follow them. Thread-safe. */
public final class WorkerCommands {

    private final List<Consumer<WorkerCommand>> listeners = new CopyOnWriteArrayList<>();

    /** Calls the listener for every later request, on the thread that received it; it must not block. */
    public void onCommand(Consumer<WorkerCommand> listener) {
        listeners.add(listener);
    }

    /** Calls the listeners. */
    public void receive(WorkerCommand command) {
        listeners.forEach(listener -> listener.accept(command));
    }
}
