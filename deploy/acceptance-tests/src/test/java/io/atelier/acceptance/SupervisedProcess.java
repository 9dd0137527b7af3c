package io.atelier.acceptance;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A process that is started again whenever it ends, as Compose or systemd do it, and the statuses that it ended with. Thread-safe. */
final class SupervisedProcess implements AutoCloseable {

    private final Supplier<AtelierProcess> start;
    private final List<Integer> statuses = new CopyOnWriteArrayList<>();
    private AtelierProcess process;
    private boolean closed;

    private SupervisedProcess(Supplier<AtelierProcess> start) {
        this.start = start;
        this.process = start.get();
    }

    static SupervisedProcess of(Supplier<AtelierProcess> start) {
        var supervised = new SupervisedProcess(start);
        var supervisor = new Thread(supervised::supervise, "supervisor");
        supervisor.setDaemon(true);
        supervisor.start();
        return supervised;
    }

    /** What it ended with so far, though nobody stopped it from here; oldest first. */
    List<Integer> statuses() {
        return List.copyOf(statuses);
    }

    /** Stops it in order, and for good. */
    @Override
    public void close() {
        AtelierProcess last;
        synchronized (this) {
            closed = true;
            last = process;
        }
        last.close();
    }

    private void supervise() {
        var watched = process;
        while (true) {
            int status = watched.awaitEnd();
            synchronized (this) {
                if (closed) {
                    return;
                }
                statuses.add(status);
                process = start.get();
                watched = process;
            }
        }
    }
}
