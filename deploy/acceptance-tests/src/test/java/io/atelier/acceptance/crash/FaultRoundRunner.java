package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.fault.ShiftedClock;
import io.atelier.acceptance.crash.fault.WriteLimit;
import io.atelier.acceptance.crash.plan.Fault;
import io.atelier.acceptance.crash.plan.FaultRound;
import io.atelier.acceptance.crash.reader.JobInvariants;
import io.atelier.acceptance.crash.reader.JobObservations;
import io.atelier.acceptance.crash.reader.TopicRecord;
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

/** Runs one round: submits jobs, injects a fault, and checks the invariants of the jobs. */
final class FaultRoundRunner {

    private static final int BURST = 10;
    private static final int MAX_LINE_LENGTH = 600;

    /** Far more than needed; a job that has not ended by then is lost. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final SystemUnderTest system;
    private final FaultRound round;
    private final int from;
    private final JobStageWatcher watcher;
    private final List<String> violations = new ArrayList<>();
    private final StringBuilder summary = new StringBuilder();

    private FaultRoundRunner(SystemUnderTest system, FaultRound round) {
        this.system = system;
        this.round = round;
        this.from = system.topics().position();
        this.watcher = new JobStageWatcher(system, round, from);
    }

    /** Runs a round on a system whose jobs have all ended, and prints its line. Returns the violations. */
    static List<String> of(SystemUnderTest system, FaultRound round, long seed) throws InterruptedException {
        long start = System.nanoTime();
        var run = new FaultRoundRunner(system, round);
        boolean completed = false;
        try {
            run.execute();
            completed = true;
        } catch (RuntimeException e) {
            System.out.println(system.logs());
            throw new IllegalStateException("The round could not be completed", e);
        } finally {
            System.out.printf(
                    Locale.ROOT,
                    "crash seed=%d %s%s took=%.1fs %s%n",
                    seed,
                    round,
                    run.summary,
                    (System.nanoTime() - start) / 1e9,
                    completed && run.violations.isEmpty() ? "ok" : "FAILED");
        }
        return run.violations;
    }

    private void execute() throws InterruptedException {
        var clock = round.fault() == Fault.CLOCK_JUMP ? ShiftedClock.in(system.data()) : Optional.<ShiftedClock>empty();
        if (round.fault() == Fault.CLOCK_JUMP && clock.isEmpty()) {
            summary.append(" SKIPPED: libfaketime is not installed,");
            return;
        }
        if (round.fault() == Fault.DISK_FULL && !WriteLimit.available()) {
            summary.append(" SKIPPED: prlimit is not installed,");
            return;
        }
        var injector = new FaultInjector(system, round, clock);
        var clockVictim = victim("");
        injector.prepare(clockVictim);
        injectUnderLoad(injector, clockVictim);
        injector.cleanUp(clockVictim);
        violations.addAll(injector.findings());
    }

    private void injectUnderLoad(FaultInjector injector, String clockVictim) throws InterruptedException {
        Set<String> jobs = new LinkedHashSet<>();
        try (var load = new LoadGenerator(system.client(), round.seed(), kind())) {
            load.start(BURST);
            var match = watcher.await();
            TimeUnit.MILLISECONDS.sleep(round.delay().toMillis());
            summary.append(match.reached() ? "" : " STAGE-MISSED")
                    .append(" at=")
                    .append(watcher.stageCounts());
            var victim = round.fault() == Fault.CLOCK_JUMP ? clockVictim : victim(match.worker());
            injector.run(victim, watcher::release);
            summary.append(" broken=").append(victim);
            load.stop();
            jobs.addAll(load.accepted());
            summary.append(" posts=").append(load.responses());
            load.unknown().forEach(job -> violations.add(job + ": misreported: it was accepted, but unknown later"));
        } finally {
            watcher.release();
        }
        check(jobs);
    }

    private LoadGenerator.Kind kind() {
        if (round.fault() == Fault.CLOCK_JUMP) {
            return LoadGenerator.Kind.FAILURES;
        }
        return round.victim().equals("splitter") ? LoadGenerator.Kind.GRIDS : LoadGenerator.Kind.MIXED;
    }

    /** Also checks jobs whose request is in its topic, but whose 202 did not reach the client. */
    private void check(Set<String> jobs) {
        int accepted = jobs.size();
        system.topics().since(from).stream()
                .filter(received -> received.topic().equals("generation-requested.default"))
                .map(TopicRecord::job)
                .forEach(jobs::add);
        var unfinished = system.observer().unfinished(jobs, TIMEOUT);
        var observations = jobs.stream()
                .map(job -> system.observer().of(job, round.fault() == Fault.CLOCK_JUMP))
                .toList();
        observations.forEach(job -> violations.addAll(JobInvariants.violations(job)));
        system.ended().forEach(name -> violations.add("the process " + name + " ended by itself"));
        system.topics().failure().ifPresent(failure -> violations.add("the topic reader failed: " + failure));
        summarize(accepted, observations);
        observations.stream()
                .filter(job -> unfinished.contains(job.job())
                        || !JobInvariants.violations(job).isEmpty())
                .forEach(job -> explain(system, job.job()));
        if (!violations.isEmpty()) {
            System.out.println(system.logs());
            System.out.println("Thread dumps are in " + system.dumpThreads());
        }
    }

    private void summarize(int accepted, List<JobObservations> observations) {
        var ends = observations.stream()
                .map(job -> job.httpState()
                        .map(state -> state.get("status").asString())
                        .orElse("unknown"))
                .collect(Collectors.groupingBy(status -> status, TreeMap::new, Collectors.counting()));
        long started = system.topics().all(received -> received.is("task.started")).stream()
                .filter(received ->
                        observations.stream().anyMatch(job -> job.job().equals(received.job())))
                .count();
        summary.append(" accepted=").append(accepted);
        summary.append(" ended=").append(ends.toString().replace(" ", ""));
        summary.append(" starts=").append(started);
        summary.append(" repeated=")
                .append(observations.stream()
                        .mapToLong(JobObservations::repetitions)
                        .sum());
    }

    /** Prints the records of the job at once: the violations come last in the log, where they must be short. */
    static void explain(SystemUnderTest system, String job) {
        var records = system.topics()
                .all(received -> received.job().equals(job) && !received.topic().equals("progress"));
        records.stream()
                .map(TopicRecord::toString)
                .map(line -> "    " + line.substring(0, Math.min(line.length(), MAX_LINE_LENGTH)))
                .forEach(System.out::println);
    }

    private String victim(String worker) {
        if (!round.victim().equals("generator")) {
            return round.victim();
        }
        return worker.isEmpty() ? "generator-1" : worker;
    }
}
