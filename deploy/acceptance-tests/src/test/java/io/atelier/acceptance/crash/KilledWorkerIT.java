package io.atelier.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.acceptance.crash.reader.JobInvariants;
import io.atelier.acceptance.crash.reader.TopicRecord;
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

/** One of four workers is killed while many short jobs are queued: the others take over its tasks at once. */
@Tag("crash")
class KilledWorkerIT {

    private static final int WORKERS = 4;
    private static final int JOBS = 200;
    private static final int ENDED_BEFORE_KILL = 60;
    private static final Duration DOWNTIME = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @TempDir
    Path folder;

    @Test
    void twoHundredJobsEndWithinTenSecondsOfTheKillAndAtMostOneIsRepeated() throws Exception {
        try (var system = SystemUnderTest.withWorkers(WORKERS, folder.resolve("data"))) {
            awaitWorkers(system);
            int from = system.topics().position();
            var jobs = queue(system);
            var killed = killOne(system, from);
            assertThat(system.observer().unfinished(jobs, TIMEOUT)).isEmpty();

            var ends = ends(system, from);
            var last = ends.get(ends.size() - 1).timestamp();
            var elapsed = Duration.between(killed, last);
            long starts = starts(system, from);
            System.out.printf(
                    Locale.ROOT,
                    "crash killed-worker jobs=%d done-before=%d last-after-kill=%.2fs repeats=%d%n",
                    JOBS,
                    ends.stream()
                            .filter(end -> end.timestamp().isBefore(killed))
                            .count(),
                    elapsed.toMillis() / 1e3,
                    starts - JOBS);
            for (var job : jobs) {
                var observations = system.observer().of(job, false);
                assertThat(JobInvariants.violations(observations)).isEmpty();
            }
            assertThat(ends).hasSize(JOBS).allMatch(end -> end.is("generation.succeeded"));
            assertThat(starts - JOBS).as("repeated runs").isBetween(0L, 1L);
            assertThat(elapsed).as("from the kill to the last job").isLessThanOrEqualTo(LIMIT);
        }
    }

    /** Waits until each worker has run a task, so that all are warm. */
    private static void awaitWorkers(SystemUnderTest system) {
        Awaitility.await("a task on each worker").atMost(TIMEOUT).until(() -> {
            var jobs = submit(system, 2 * WORKERS);
            assertThat(system.observer().unfinished(jobs, TIMEOUT)).isEmpty();
            return system.topics().all(received -> received.is("task.started")).stream()
                            .map(received ->
                                    received.json().get("worker").get("id").asString())
                            .distinct()
                            .count()
                    == WORKERS;
        });
    }

    /** Queues all jobs while the workers are stopped; otherwise the first job would end before the last is sent. */
    private static List<String> queue(SystemUnderTest system) {
        for (int i = 1; i <= WORKERS; i++) {
            system.process("generator-" + i).freeze();
        }
        var jobs = submit(system, JOBS);
        for (int i = 1; i <= WORKERS; i++) {
            system.process("generator-" + i).thaw();
        }
        return jobs;
    }

    private static List<String> submit(SystemUnderTest system, int count) {
        var jobs = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            jobs.add(system.client()
                    .submit(Map.of("model", "test-card", "prompt", "delay:100ms card " + i, "size", "64x64")));
        }
        return jobs;
    }

    private static Instant killOne(SystemUnderTest system, int from) throws InterruptedException {
        Awaitility.await("the end of 60 jobs")
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> ends(system, from).size() >= ENDED_BEFORE_KILL);
        var killed = Instant.now();
        system.process("generator-1").kill();
        TimeUnit.MILLISECONDS.sleep(DOWNTIME.toMillis());
        system.start("generator-1", Map.of());
        return killed;
    }

    private static List<TopicRecord> ends(SystemUnderTest system, int from) {
        return system.topics().since(from).stream()
                .filter(TopicRecord::isTerminalEvent)
                .toList();
    }

    private static long starts(SystemUnderTest system, int from) {
        return system.topics().since(from).stream()
                .filter(received -> received.is("task.started"))
                .count();
    }
}
