package io.atelier.gateway.api.avatars;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Runs tasks when a test says so, and periodic ones at each tick. */
final class ManualScheduler implements Scheduler {

    static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Runnable> periodic = new ArrayList<>();

    @Override
    public Disposable schedule(Runnable task) {
        tasks.add(task);
        return Disposables.single();
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        periodic.add(task);
        return () -> periodic.remove(task);
    }

    @Override
    public Worker createWorker() {
        throw new UnsupportedOperationException();
    }

    void runAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    void tick() {
        List.copyOf(periodic).forEach(Runnable::run);
        runAll();
    }
}
