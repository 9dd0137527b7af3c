package io.atelier.benchmark.overhead;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Measures the overhead of a job beyond its image, for one system, or for two systems alternately under the same machine conditions. */
public final class OverheadBenchmark {

    private final Parameters parameters;
    private final PrintStream out;

    public OverheadBenchmark(Parameters parameters, PrintStream out) {
        this.parameters = parameters;
        this.out = out;
    }

    /** Warms up the systems, measures them and prints the results. Fails if a job does not succeed. */
    public void measure(List<SystemUnderTest> systems) throws InterruptedException {
        for (var system : systems) {
            system.warmUp(parameters.warmUp());
        }
        print("One job at a time", alternately(systems, load -> load.sequentially(parameters.jobs())));
        if (parameters.rate() > 0) {
            var title = String.format(Locale.ROOT, "%.0f jobs per second", parameters.rate());
            print(title, alternately(systems, load -> load.atRate(parameters.jobs(), parameters.rate())));
        }
        for (var stage : JobStage.values()) {
            out.printf("  %-18s %s%n", stage.title() + ":", stage.meaning());
        }
    }

    /** Reverses the order of the systems in each round. */
    private Map<SystemUnderTest, List<Measurement>> alternately(
            List<SystemUnderTest> systems, Function<LoadGenerator, List<JobTimeline>> workload) {
        var rounds = new LinkedHashMap<SystemUnderTest, List<Measurement>>();
        var order = new ArrayList<>(systems);
        for (int round = 0; round < parameters.rounds(); round++) {
            order.forEach(system ->
                    rounds.computeIfAbsent(system, key -> new ArrayList<>()).add(system.measure(workload)));
            Collections.reverse(order);
        }
        return rounds;
    }

    private void print(String title, Map<SystemUnderTest, List<Measurement>> rounds) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        out.printf(Locale.ROOT, "%n%s (load average %.1f on %d processors)%n", title, load, processors());
        rounds.forEach((system, measured) -> print(system.name(), Measurement.merge(measured)));
        var all = List.copyOf(rounds.values());
        if (all.size() == 2) {
            printRatios(all.get(0), all.get(1));
        }
    }

    private void print(String name, Measurement all) {
        out.printf(
                Locale.ROOT,
                "%s: %d jobs, %.1f jobs/s, %.2f ms of processor time per job%n",
                name,
                all.timelines().size(),
                all.jobsPerSecond(),
                all.processorMillisPerJob());
        out.printf("  %-18s %8s %8s %8s %8s  ms%n", "from sending to", "p50", "p90", "p99", "max");
        for (var stage : JobStage.values()) {
            all.until(stage).ifPresent(times -> printRow(stage.title(), times));
        }
    }

    private void printRow(String title, Percentiles times) {
        out.printf(
                Locale.ROOT,
                "  %-18s %8.2f %8.2f %8.2f %8.2f%n",
                title,
                times.p50().toNanos() / 1e6,
                times.p90().toNanos() / 1e6,
                times.p99().toNanos() / 1e6,
                times.max().toNanos() / 1e6);
    }

    private void printRatios(List<Measurement> first, List<Measurement> second) {
        out.printf(
                Locale.ROOT,
                "First against second, end to end, median of %d pairs: p50 x %.3f, p90 x %.3f, p99 x %.3f, processor time x %.3f%n",
                first.size(),
                ratio(first, second, round -> round.endToEnd().p50().toNanos()),
                ratio(first, second, round -> round.endToEnd().p90().toNanos()),
                ratio(first, second, round -> round.endToEnd().p99().toNanos()),
                ratio(first, second, Measurement::processorMillisPerJob));
    }

    /** The median of the ratios of the pairs. */
    static double ratio(
            List<Measurement> first, List<Measurement> second, Function<Measurement, ? extends Number> metric) {
        var ratios = new ArrayList<Double>();
        for (int pair = 0; pair < first.size(); pair++) {
            ratios.add(metric.apply(first.get(pair)).doubleValue()
                    / metric.apply(second.get(pair)).doubleValue());
        }
        Collections.sort(ratios);
        return (ratios.get((ratios.size() - 1) / 2) + ratios.get(ratios.size() / 2)) / 2;
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * Size of the benchmark.
     *
     * @param warmUp jobs before anything is measured
     * @param rounds how often each workload is measured
     * @param jobs jobs per round
     * @param rate jobs per second of the second workload; 0 skips it
     */
    public record Parameters(int warmUp, int rounds, int jobs, double rate) {}
}
