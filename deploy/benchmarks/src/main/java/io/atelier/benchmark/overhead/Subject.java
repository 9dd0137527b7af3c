package io.atelier.benchmark.overhead;

import io.atelier.benchmark.system.RunningSystem;
import io.atelier.benchmark.system.SystemForm;
import io.atelier.benchmark.system.Topics;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** A system under measurement. */
public final class Subject implements AutoCloseable {

    private final String name;
    private final RunningSystem system;
    private final Topics topics;
    private final Traffic traffic;

    private Subject(String name, RunningSystem system) {
        var journeys = new Journeys();
        this.name = name;
        this.system = system;
        this.topics = new Topics(system.brokers(), journeys);
        this.traffic = new Traffic(system.gateway(), journeys);
    }

    /** Starts one. */
    public static Subject start(String name, SystemForm form) {
        return new Subject(name, RunningSystem.start(form));
    }

    String name() {
        return name;
    }

    void warmUp(int jobs) throws InterruptedException {
        traffic.some(jobs, 4);
    }

    Round measure(Function<Traffic, List<Journey>> work) {
        var processorTime = system.processorTime();
        long start = System.nanoTime();
        var journeys = work.apply(traffic);
        var wall = Duration.ofNanos(System.nanoTime() - start);
        return new Round(journeys, wall, system.processorTime().minus(processorTime));
    }

    @Override
    public void close() {
        topics.close();
        system.close();
    }
}
