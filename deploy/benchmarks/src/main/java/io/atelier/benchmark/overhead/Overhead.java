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

/** Measures what a job costs beside its picture, of one system, or of two in turn so that both see the same moods of the machine. */
public final class Overhead {

    private final Sizes sizes;
    private final PrintStream out;

    public Overhead(Sizes sizes, PrintStream out) {
        this.sizes = sizes;
        this.out = out;
    }

    /** Warms the systems up, measures, and prints. Fails if a job does not succeed. */
    public void measure(List<MeasuredSystem> subjects) throws InterruptedException {
        for (var subject : subjects) {
            subject.warmUp(sizes.warmUp());
        }
        print("One job at a time", inTurn(subjects, traffic -> traffic.oneByOne(sizes.jobs())));
        if (sizes.rate() > 0) {
            var title = String.format(Locale.ROOT, "%.0f jobs a second", sizes.rate());
            print(title, inTurn(subjects, traffic -> traffic.atRate(sizes.jobs(), sizes.rate())));
        }
        for (var stage : JobStage.values()) {
            out.printf("  %-18s %s%n", stage.title() + ":", stage.meaning());
        }
    }

    /** Who begins changes from round to round. */
    private Map<MeasuredSystem, List<BenchmarkRound>> inTurn(
            List<MeasuredSystem> subjects, Function<LoadGenerator, List<JobTimeline>> work) {
        var rounds = new LinkedHashMap<MeasuredSystem, List<BenchmarkRound>>();
        var order = new ArrayList<>(subjects);
        for (int round = 0; round < sizes.rounds(); round++) {
            order.forEach(subject ->
                    rounds.computeIfAbsent(subject, unseen -> new ArrayList<>()).add(subject.measure(work)));
            Collections.reverse(order);
        }
        return rounds;
    }

    private void print(String title, Map<MeasuredSystem, List<BenchmarkRound>> rounds) {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        out.printf(Locale.ROOT, "%n%s (load average %.1f on %d processors)%n", title, load, processors());
        rounds.forEach((subject, measured) -> print(subject.name(), BenchmarkRound.together(measured)));
        var all = List.copyOf(rounds.values());
        if (all.size() == 2) {
            printRatios(all.get(0), all.get(1));
        }
    }

    private void print(String name, BenchmarkRound all) {
        out.printf(
                Locale.ROOT,
                "%s: %d jobs, %.1f jobs/s, %.2f ms of processor time a job%n",
                name,
                all.journeys().size(),
                all.jobsASecond(),
                all.processorMillisAJob());
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

    private void printRatios(List<BenchmarkRound> first, List<BenchmarkRound> second) {
        out.printf(
                Locale.ROOT,
                "First against second, end to end, median of %d pairs: p50 x %.3f, p90 x %.3f, p99 x %.3f, processor time x %.3f%n",
                first.size(),
                ratio(first, second, round -> round.endToEnd().p50().toNanos()),
                ratio(first, second, round -> round.endToEnd().p90().toNanos()),
                ratio(first, second, round -> round.endToEnd().p99().toNanos()),
                ratio(first, second, BenchmarkRound::processorMillisAJob));
    }

    /** The middle one of the ratios of the pairs. */
    static double ratio(
            List<BenchmarkRound> first,
            List<BenchmarkRound> second,
            Function<BenchmarkRound, ? extends Number> figure) {
        var ratios = new ArrayList<Double>();
        for (int pair = 0; pair < first.size(); pair++) {
            ratios.add(figure.apply(first.get(pair)).doubleValue()
                    / figure.apply(second.get(pair)).doubleValue());
        }
        Collections.sort(ratios);
        return (ratios.get((ratios.size() - 1) / 2) + ratios.get(ratios.size() / 2)) / 2;
    }

    private static int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    /**
     * How much is measured.
     *
     * @param warmUp jobs before anything is measured
     * @param rounds how often each kind of traffic is measured
     * @param jobs in each round
     * @param rate jobs a second of the second kind of traffic; 0 to leave it out
     */
    public record Sizes(int warmUp, int rounds, int jobs, double rate) {}
}
