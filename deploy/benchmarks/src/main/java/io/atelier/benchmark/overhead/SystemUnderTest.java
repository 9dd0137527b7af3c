package io.atelier.benchmark.overhead;

import io.atelier.benchmark.system.LaunchConfiguration;
import io.atelier.benchmark.system.RunningSystem;
import io.atelier.benchmark.system.TopicListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** A running system with a load generator and a listener to its topics. */
public final class SystemUnderTest implements AutoCloseable {

    private final String name;
    private final RunningSystem system;
    private final TopicListener topics;
    private final LoadGenerator load;

    private SystemUnderTest(String name, RunningSystem system) {
        var timelines = new JobTimelines();
        this.name = name;
        this.system = system;
        this.topics = new TopicListener(system.brokers(), timelines);
        this.load = new LoadGenerator(system.gateway(), timelines);
    }

    /** Starts a system. */
    public static SystemUnderTest start(String name, LaunchConfiguration configuration) {
        return new SystemUnderTest(name, RunningSystem.start(configuration));
    }

    String name() {
        return name;
    }

    void warmUp(int jobs) throws InterruptedException {
        load.concurrently(jobs, 4);
    }

    Measurement measure(Function<LoadGenerator, List<JobTimeline>> workload) {
        var processorTime = system.processorTime();
        long start = System.nanoTime();
        var timelines = workload.apply(load);
        var wall = Duration.ofNanos(System.nanoTime() - start);
        return new Measurement(timelines, wall, system.processorTime().minus(processorTime));
    }

    @Override
    public void close() {
        topics.close();
        system.close();
    }
}
