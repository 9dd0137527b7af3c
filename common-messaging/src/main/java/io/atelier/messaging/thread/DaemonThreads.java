package io.atelier.messaging.thread;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Creates daemon threads. Thread-safe. */
public final class DaemonThreads {

    private DaemonThreads() {}

    /** Creates a thread without starting it. */
    public static Thread create(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** A factory whose threads all have this name. */
    public static ThreadFactory named(String name) {
        return task -> create(name, task);
    }

    /** A factory whose threads are named by the prefix and a number from 0. */
    public static ThreadFactory numbered(String prefix) {
        var next = new AtomicInteger();
        return task -> create(prefix + next.getAndIncrement(), task);
    }
}
