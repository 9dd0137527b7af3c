package io.atelier.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.acceptance.crash.reader.Invariants;
import io.atelier.acceptance.crash.reader.ObservedRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of four workers is killed with many short jobs queued: the others do its work, at once. */
@Tag("crash")
class KilledWorkerIT {

    private static final int WORKERS = 4;
    private static final int JOBS = 200;
    private static final int DONE_BEFORE = 60;
    private static final Duration AWAY = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    @Test
    void twoHundredJobsEndWithinTenSecondsOfTheKillAndAtMostOneRunsAgain() throws Exception {
        try (var system = Installation.ofWorkers(WORKERS, folder.resolve("data"))) {
            awaitWorkers(system);
            int from = system.topics().position();
            var jobs = queue(system);
            var killed = killOne(system, from);
            assertThat(system.inquiry().unended(jobs, PATIENCE)).isEmpty();

            var ends = ends(system, from);
            var last = ends.get(ends.size() - 1).written();
            var took = Duration.between(killed, last);
            long starts = starts(system, from);
            System.out.printf(
                    Locale.ROOT,
                    "crash killed-worker jobs=%d done-before=%d last-after-kill=%.2fs repeats=%d%n",
                    JOBS,
                    ends.stream().filter(end -> end.written().isBefore(killed)).count(),
                    took.toMillis() / 1e3,
                    starts - JOBS);
            for (var job : jobs) {
                var evidence = system.inquiry().of(job, false);
                assertThat(Invariants.violations(evidence)).isEmpty();
            }
            assertThat(ends).hasSize(JOBS).allMatch(end -> end.is("generation.succeeded"));
            assertThat(starts - JOBS).as("runs beyond one a job").isBetween(0L, 1L);
            assertThat(took).as("from the kill to the last job").isLessThanOrEqualTo(LIMIT);
        }
    }

    /** Each of them has done a job: all are up, and warm. */
    private static void awaitWorkers(Installation system) {
        Awaitility.await("all workers to work").atMost(PATIENCE).until(() -> {
            var jobs = submit(system, 2 * WORKERS);
            assertThat(system.inquiry().unended(jobs, PATIENCE)).isEmpty();
            return system.topics().all(said -> said.is("task.started")).stream()
                            .map(said -> said.json().get("worker").get("id").asString())
                            .distinct()
                            .count()
                    == WORKERS;
        });
    }

    /** The workers stand still until all jobs are queued, or the first would be done before the last is sent. */
    private static List<String> queue(Installation system) {
        for (int i = 1; i <= WORKERS; i++) {
            system.process("generator-" + i).freeze();
        }
        var jobs = submit(system, JOBS);
        for (int i = 1; i <= WORKERS; i++) {
            system.process("generator-" + i).thaw();
        }
        return jobs;
    }

    private static List<String> submit(Installation system, int count) {
        var jobs = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            jobs.add(system.client()
                    .submit(Map.of("model", "test-card", "prompt", "delay:100ms card " + i, "size", "64x64")));
        }
        return jobs;
    }

    private static Instant killOne(Installation system, int from) throws InterruptedException {
        Awaitility.await("60 jobs")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> ends(system, from).size() >= DONE_BEFORE);
        var killed = Instant.now();
        system.process("generator-1").kill();
        TimeUnit.MILLISECONDS.sleep(AWAY.toMillis());
        system.start("generator-1", Map.of());
        return killed;
    }

    private static List<ObservedRecord> ends(Installation system, int from) {
        return system.topics().since(from).stream()
                .filter(ObservedRecord::isTerminalEvent)
                .toList();
    }

    private static long starts(Installation system, int from) {
        return system.topics().since(from).stream()
                .filter(said -> said.is("task.started"))
                .count();
    }
}
