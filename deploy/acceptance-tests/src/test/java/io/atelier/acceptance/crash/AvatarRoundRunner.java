package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.plan.AvatarKill;
import io.atelier.acceptance.crash.reader.JobInvariants;
import io.atelier.acceptance.crash.reader.JobObservations;
import io.atelier.acceptance.crash.reader.ProviderCallProbe;
import io.atelier.acceptance.crash.reader.TopicRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Runs one round: submits avatars, kills a process, and checks the invariants of the avatars. */
final class AvatarRoundRunner {

    private static final int BURST = 3;

    /** Far more than needed; an avatar that has not ended by then is lost. */
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** A generator worker names itself with a suffix in some of its reports. */
    private static final Pattern GENERATOR = Pattern.compile("(generator-\\d+).*");

    private final AvatarSystem avatars;
    private final SystemUnderTest system;
    private final AvatarKill round;
    private final int from;
    private final AvatarStageWatcher watcher;
    private final long callsBefore;
    private final long looksBefore;
    private final List<String> violations = new ArrayList<>();
    private final StringBuilder summary = new StringBuilder();

    private AvatarRoundRunner(AvatarSystem avatars, AvatarKill round) {
        this.avatars = avatars;
        this.system = avatars.system();
        this.round = round;
        this.from = system.topics().position();
        this.watcher = new AvatarStageWatcher(system, round);
        this.callsBefore = avatars.calls().callCount();
        this.looksBefore = avatars.calls().lookCount();
    }

    /** Runs a round on a system whose avatars have all ended, and prints its line. Returns the violations. */
    static List<String> of(AvatarSystem avatars, AvatarKill round, long seed) throws InterruptedException {
        long start = System.nanoTime();
        var run = new AvatarRoundRunner(avatars, round);
        boolean completed = false;
        try {
            run.killUnderLoad();
            completed = true;
        } catch (RuntimeException e) {
            System.out.println(avatars.system().logs());
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

    private void killUnderLoad() throws InterruptedException {
        Set<String> jobs = new LinkedHashSet<>();
        try (var load = new LoadGenerator(system.client(), round.seed(), LoadGenerator.Kind.PERSONAS)) {
            load.start(BURST);
            var match = watcher.await();
            TimeUnit.MILLISECONDS.sleep(round.delay().toMillis());
            summary.append(match.reached() ? "" : " STAGE-MISSED")
                    .append(" at=")
                    .append(watcher.stageCounts(from));
            kill(victim(match.worker()));
            load.stop();
            jobs.addAll(load.accepted());
            summary.append(" posts=").append(load.responses());
            load.unknown().forEach(job -> violations.add(job + ": misreported: it was accepted, but unknown later"));
        } finally {
            watcher.release();
        }
        check(jobs);
    }

    private void kill(String victim) throws InterruptedException {
        system.process(victim).kill();
        watcher.release();
        TimeUnit.MILLISECONDS.sleep(round.downtime().toMillis());
        system.start(victim, Map.of());
        system.awaitReady();
        summary.append(" broken=").append(victim);
    }

    private String victim(String worker) {
        if (!round.victim().equals("generator")) {
            return round.victim();
        }
        var generator = GENERATOR.matcher(worker);
        return generator.matches() ? generator.group(1) : "generator-1";
    }

    /** Also checks avatars whose request is in its topic, but whose 202 did not reach the client. */
    private void check(Set<String> jobs) {
        int accepted = jobs.size();
        system.topics().since(from).stream()
                .filter(ProviderCallProbe::isSubmission)
                .map(TopicRecord::job)
                .forEach(jobs::add);
        var unfinished = system.observer().unfinished(jobs, TIMEOUT);
        var observations =
                jobs.stream().map(job -> system.observer().of(job, false)).toList();
        var broken = new LinkedHashSet<>(unfinished);
        for (var job : observations) {
            var found = new ArrayList<>(JobInvariants.violations(job));
            found.addAll(failure(job));
            found.addAll(avatars.observer().violations(job.job()));
            violations.addAll(found);
            if (!found.isEmpty()) {
                broken.add(job.job());
            }
        }
        system.ended().forEach(name -> violations.add("the process " + name + " ended by itself"));
        system.topics().failure().ifPresent(failure -> violations.add("the topic reader failed: " + failure));
        summarize(accepted, observations);
        broken.forEach(job -> FaultRoundRunner.explain(system, job));
        if (!violations.isEmpty()) {
            System.out.println(system.logs());
            System.out.println("Thread dumps are in " + system.dumpThreads());
        }
    }

    /** A task has three attempts, and one kill takes one of them. */
    private static List<String> failure(JobObservations job) {
        return job
                .httpState()
                .filter(state -> state.get("status").asString().equals("failed"))
                .map(state -> "%s: failed with '%s', although one process was killed once"
                        .formatted(job.job(), state.path("error").path("code").asString("no code")))
                .stream()
                .toList();
    }

    private void summarize(int accepted, List<JobObservations> observations) {
        Map<String, Long> ends = observations.stream()
                .map(job -> job.httpState()
                        .map(state -> state.get("status").asString())
                        .orElse("unknown"))
                .collect(Collectors.groupingBy(status -> status, TreeMap::new, Collectors.counting()));
        if (!ends.containsKey("succeeded")) {
            violations.add("no avatar of the round succeeded");
        }
        long looks = avatars.calls().lookCount() - looksBefore;
        if (looks == 0) {
            violations.add("at no call of the round the provider could look into the store");
        }
        summary.append(" calls=").append(avatars.calls().callCount() - callsBefore);
        summary.append(" looks=").append(looks);
        summary.append(" accepted=").append(accepted);
        summary.append(" ended=").append(ends.toString().replace(" ", ""));
        summary.append(" repeated=")
                .append(observations.stream()
                        .mapToLong(JobObservations::repetitions)
                        .sum());
    }
}
