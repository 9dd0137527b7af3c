package io.atelier.acceptance;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** A process that is restarted when it ends, as Compose or systemd do, with the list of its exit statuses. Thread-safe. */
public final class SupervisedProcess implements AutoCloseable {

    private final Supplier<AtelierProcess> start;
    private final IntPredicate restartsAfter;
    private final List<Integer> statuses = new CopyOnWriteArrayList<>();
    private AtelierProcess process;
    private boolean stopped;

    private SupervisedProcess(Supplier<AtelierProcess> start, IntPredicate restartsAfter) {
        this.start = start;
        this.restartsAfter = restartsAfter;
        this.process = start.get();
    }

    /** Starts a process that is restarted after any exit status. */
    static SupervisedProcess of(Supplier<AtelierProcess> start) {
        return of(start, status -> true);
    }

    /** Starts a process that is restarted after the accepted exit statuses. */
    public static SupervisedProcess of(Supplier<AtelierProcess> start, IntPredicate restartsAfter) {
        var supervised = new SupervisedProcess(start, restartsAfter);
        var supervisor = new Thread(supervised::supervise, "supervisor");
        supervisor.setDaemon(true);
        supervisor.start();
        return supervised;
    }

    /** The exit statuses after which it was restarted, oldest first. */
    public List<Integer> statuses() {
        return List.copyOf(statuses);
    }

    /** The current process, or the last one. */
    public synchronized AtelierProcess current() {
        return process;
    }

    /** Whether the process is running or being restarted. */
    public synchronized boolean isAlive() {
        return !stopped;
    }

    /** Kills the process without a restart. */
    public void kill() {
        stopSupervision().kill();
    }

    /** Stops the process cleanly without a restart. */
    @Override
    public void close() {
        stopSupervision().close();
    }

    private synchronized AtelierProcess stopSupervision() {
        stopped = true;
        return process;
    }

    private void supervise() {
        var supervisedProcess = current();
        while (true) {
            int status = supervisedProcess.awaitEnd();
            synchronized (this) {
                if (stopped || !restartsAfter.test(status)) {
                    stopped = true;
                    return;
                }
                statuses.add(status);
                process = start.get();
                supervisedProcess = process;
            }
        }
    }
}
