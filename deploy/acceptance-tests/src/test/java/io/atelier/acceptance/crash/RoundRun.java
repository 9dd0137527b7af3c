package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.fault.ShiftedClock;
import io.atelier.acceptance.crash.fault.WriteLimit;
import io.atelier.acceptance.crash.plan.Fault;
import io.atelier.acceptance.crash.plan.Round;
import io.atelier.acceptance.crash.reader.Evidence;
import io.atelier.acceptance.crash.reader.Invariants;
import io.atelier.acceptance.crash.reader.ObservedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One round: jobs, something that breaks, and what is then true of the jobs. */
final class RoundRun {

    private static final int BURST = 10;
    private static final int LONGEST_LINE = 600;

    /** Far more than it takes; what is not over then is lost. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Installation system;
    private final Round round;
    private final int from;
    private final StageWatch watch;
    private final List<String> violations = new ArrayList<>();
    private final StringBuilder found = new StringBuilder();

    private RoundRun(Installation system, Round round) {
        this.system = system;
        this.round = round;
        this.from = system.topics().position();
        this.watch = new StageWatch(system, round, from);
    }

    /** Runs a round on a system of which all jobs are over, and prints its line. */
    static List<String> of(Installation system, Round round, long seed) throws InterruptedException {
        long start = System.nanoTime();
        var run = new RoundRun(system, round);
        boolean played = false;
        try {
            run.play();
            played = true;
        } catch (RuntimeException e) {
            System.out.println(system.logs());
            throw new IllegalStateException("The round could not be played to its end", e);
        } finally {
            System.out.printf(
                    Locale.ROOT,
                    "crash seed=%d %s%s took=%.1fs %s%n",
                    seed,
                    round,
                    run.found,
                    (System.nanoTime() - start) / 1e9,
                    played && run.violations.isEmpty() ? "ok" : "FAILED");
        }
        return run.violations;
    }

    private void play() throws InterruptedException {
        var clock = round.fault() == Fault.CLOCK_JUMP ? ShiftedClock.in(system.data()) : Optional.<ShiftedClock>empty();
        if (round.fault() == Fault.CLOCK_JUMP && clock.isEmpty()) {
            found.append(" SKIPPED: libfaketime is not installed,");
            return;
        }
        if (round.fault() == Fault.DISK_FULL && !WriteLimit.available()) {
            found.append(" SKIPPED: prlimit is not installed,");
            return;
        }
        var breaking = new Breaking(system, round, clock);
        var clockVictim = victim("");
        breaking.prepare(clockVictim);
        breakUnderLoad(breaking, clockVictim);
        breaking.tidyUp(clockVictim);
        violations.addAll(breaking.complaints());
    }

    private void breakUnderLoad(Breaking breaking, String clockVictim) throws InterruptedException {
        Set<String> jobs = new LinkedHashSet<>();
        try (var load = new Load(system.client(), round.seed(), kind())) {
            load.start(BURST);
            var met = watch.await();
            TimeUnit.MILLISECONDS.sleep(round.after().toMillis());
            found.append(met.inTime() ? "" : " STAGE-MISSED").append(" at=").append(watch.census());
            var victim = round.fault() == Fault.CLOCK_JUMP ? clockVictim : victim(met.worker());
            breaking.run(victim, watch::release);
            found.append(" broken=").append(victim);
            load.stop();
            jobs.addAll(load.accepted());
            found.append(" posts=").append(load.answers());
            load.forgotten()
                    .forEach(job -> violations.add(job + ": misreported: it was accepted, and later not known"));
        } finally {
            watch.release();
        }
        judge(jobs);
    }

    private Load.Kind kind() {
        if (round.fault() == Fault.CLOCK_JUMP) {
            return Load.Kind.FAILURES;
        }
        return round.victim().equals("splitter") ? Load.Kind.GRIDS : Load.Kind.MIXED;
    }

    /** An order on the topic is a promise even if its 202 never reached the client. */
    private void judge(Set<String> jobs) {
        int accepted = jobs.size();
        system.topics().since(from).stream()
                .filter(said -> said.topic().equals("generation-requested.default"))
                .map(ObservedRecord::job)
                .forEach(jobs::add);
        var unended = system.inquiry().unended(jobs, PATIENCE);
        var evidence = jobs.stream()
                .map(job -> system.inquiry().of(job, round.fault() == Fault.CLOCK_JUMP))
                .toList();
        evidence.forEach(job -> violations.addAll(Invariants.violations(job)));
        system.ended().forEach(name -> violations.add("the process " + name + " ended by itself"));
        system.topics().failure().ifPresent(failure -> violations.add("the reader cannot go on: " + failure));
        tell(accepted, evidence);
        evidence.stream()
                .filter(job -> unended.contains(job.job())
                        || !Invariants.violations(job).isEmpty())
                .forEach(this::explain);
        if (!violations.isEmpty()) {
            System.out.println(system.logs());
            System.out.println("Where all threads stand is said in " + system.askForThreads());
        }
    }

    private void tell(int accepted, List<Evidence> evidence) {
        var ends = evidence.stream()
                .map(job ->
                        job.shown().map(shown -> shown.get("status").asString()).orElse("unknown"))
                .collect(Collectors.groupingBy(status -> status, TreeMap::new, Collectors.counting()));
        long started = system.topics().all(said -> said.is("task.started")).stream()
                .filter(said -> evidence.stream().anyMatch(job -> job.job().equals(said.job())))
                .count();
        found.append(" accepted=").append(accepted);
        found.append(" ended=").append(ends.toString().replace(" ", ""));
        found.append(" starts=").append(started);
        found.append(" said-again=")
                .append(evidence.stream().mapToLong(Evidence::repetitions).sum());
    }

    /** Printed at once and no part of the finding, which comes last in a log and has to fit where only its end is shown. */
    private void explain(Evidence job) {
        var said = system.topics()
                .all(heard -> heard.job().equals(job.job()) && !heard.topic().equals("progress"));
        said.stream()
                .map(ObservedRecord::toString)
                .map(line -> "    " + line.substring(0, Math.min(line.length(), LONGEST_LINE)))
                .forEach(System.out::println);
    }

    private String victim(String worker) {
        if (!round.victim().equals("generator")) {
            return round.victim();
        }
        return worker.isEmpty() ? "generator-1" : worker;
    }
}
