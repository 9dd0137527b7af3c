package io.atelier.acceptance;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** A process that is started again when it ends, as Compose or systemd do it, and the statuses that it ended with. Thread-safe. */
public final class SupervisedProcess implements AutoCloseable {

    private final Supplier<AtelierProcess> start;
    private final IntPredicate again;
    private final List<Integer> statuses = new CopyOnWriteArrayList<>();
    private AtelierProcess process;
    private boolean over;

    private SupervisedProcess(Supplier<AtelierProcess> start, IntPredicate again) {
        this.start = start;
        this.again = again;
        this.process = start.get();
    }

    /** Starts a process, which is started again whatever it ends with. */
    static SupervisedProcess of(Supplier<AtelierProcess> start) {
        return of(start, status -> true);
    }

    /** Starts a process, which is started again after the statuses that are named. */
    public static SupervisedProcess of(Supplier<AtelierProcess> start, IntPredicate again) {
        var supervised = new SupervisedProcess(start, again);
        var supervisor = new Thread(supervised::supervise, "supervisor");
        supervisor.setDaemon(true);
        supervisor.start();
        return supervised;
    }

    /** What it ended with and was started again after, oldest first. */
    public List<Integer> statuses() {
        return List.copyOf(statuses);
    }

    /** The process that runs, or ran last. */
    public synchronized AtelierProcess current() {
        return process;
    }

    /** Whether it runs, or is about to. */
    public synchronized boolean alive() {
        return !over;
    }

    /** As {@code kill -9} does, and for good. */
    public void kill() {
        last().kill();
    }

    /** Stops it in order, and for good. */
    @Override
    public void close() {
        last().close();
    }

    private synchronized AtelierProcess last() {
        over = true;
        return process;
    }

    private void supervise() {
        var watched = current();
        while (true) {
            int status = watched.awaitEnd();
            synchronized (this) {
                if (over || !again.test(status)) {
                    over = true;
                    return;
                }
                statuses.add(status);
                process = start.get();
                watched = process;
            }
        }
    }
}
