package io.atelier.benchmark.overhead;

import io.atelier.benchmark.system.RunningSystem;
import io.atelier.benchmark.system.SystemBuild;
import io.atelier.benchmark.system.TopicListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** A system under measurement. */
public final class MeasuredSystem implements AutoCloseable {

    private final String name;
    private final RunningSystem system;
    private final TopicListener topics;
    private final LoadGenerator traffic;

    private MeasuredSystem(String name, RunningSystem system) {
        var journeys = new JobTimelines();
        this.name = name;
        this.system = system;
        this.topics = new TopicListener(system.brokers(), journeys);
        this.traffic = new LoadGenerator(system.gateway(), journeys);
    }

    /** Starts one. */
    public static MeasuredSystem start(String name, SystemBuild form) {
        return new MeasuredSystem(name, RunningSystem.start(form));
    }

    String name() {
        return name;
    }

    void warmUp(int jobs) throws InterruptedException {
        traffic.some(jobs, 4);
    }

    BenchmarkRound measure(Function<LoadGenerator, List<JobTimeline>> work) {
        var processorTime = system.processorTime();
        long start = System.nanoTime();
        var journeys = work.apply(traffic);
        var wall = Duration.ofNanos(System.nanoTime() - start);
        return new BenchmarkRound(journeys, wall, system.processorTime().minus(processorTime));
    }

    @Override
    public void close() {
        topics.close();
        system.close();
    }
}
