package io.atelier.benchmark.restart;

import io.atelier.benchmark.system.LaunchConfiguration;
import io.atelier.benchmark.system.RunningSystem;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Kills a system with open jobs again and again, and measures the time until it is ready. */
public final class RestartBenchmark {

    private static final int OPEN_JOBS = 10;

    private final int restarts;
    private final PrintStream out;

    /** @param restarts how often the system is killed */
    public RestartBenchmark(int restarts, PrintStream out) {
        this.restarts = restarts;
        this.out = out;
    }

    /** Starts a system, measures, prints each time and the median, and stops the system. */
    public void measure(String name, LaunchConfiguration configuration) {
        try (var system = RunningSystem.start(configuration)) {
            for (int job = 0; job < OPEN_JOBS; job++) {
                // Longer than all restarts.
                system.gateway().submit("delay:600s job " + job).join();
            }
            List<Duration> times = new ArrayList<>();
            for (int restart = 1; restart <= restarts; restart++) {
                times.add(system.killAndRestart());
                out.printf("%s: restart %d of %d: %.1f s%n", name, restart, restarts, seconds(times.get(restart - 1)));
            }
            out.printf(
                    "%s: ready after kill -9 with %d open jobs: median %.1f s%n",
                    name, OPEN_JOBS, seconds(median(times)));
        }
    }

    /** The middle of an odd number of times, or the later one of the two in the middle. */
    static Duration median(List<Duration> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1_000.0;
    }
}
