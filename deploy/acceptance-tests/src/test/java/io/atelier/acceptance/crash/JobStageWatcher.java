package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.plan.DeploymentShape;
import io.atelier.acceptance.crash.plan.FaultRound;
import io.atelier.acceptance.crash.plan.JobStage;
import io.atelier.acceptance.crash.reader.TopicRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Waits until a job is at the stage of the round. With several processes, the last two stages, which take milliseconds, are prolonged: by
 * holding the response of the store, and by stopping the gateway. In a standalone system the stage has to be caught by polling.
 */
final class JobStageWatcher {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final SystemUnderTest system;
    private final FaultRound round;
    private final int from;
    private final String task;

    /** @param from the position of the topic reader at the start of the round */
    JobStageWatcher(SystemUnderTest system, FaultRound round, int from) {
        this.system = system;
        this.round = round;
        this.from = from;
        this.task = round.victim().equals("splitter") ? "split" : "generate";
    }

    /** Returns when a job is at the stage, or after a timeout. */
    StageMatch await() {
        return switch (round.stage()) {
            case ACCEPTED ->
                match(awaitRecord(task.equals("split") ? "split-requested" : "generation-requested.default", ""));
            case LEASED -> match(awaitRecord("task-reports", "task.started"));
            case RUNNING ->
                match(
                        task.equals("split")
                                ? awaitRecord("task-reports", "task.started")
                                : awaitRecord("progress", "task.progressed"));
            case STORED_NOT_REPORTED -> round.shape() == DeploymentShape.STANDALONE ? storedFile() : heldResponse();
            case REPORTED_NOT_ANNOUNCED -> awaitReport();
        };
    }

    /** Releases the held response and the stopped gateway. */
    void release() {
        system.proxy().release();
        if (freezesGateway() && system.process("gateway").isAlive()) {
            system.process("gateway").thaw();
        }
    }

    /** The number of jobs of the round at each stage, according to the topics. */
    String stageCounts() {
        var stages = new LinkedHashMap<String, String>();
        for (var received : system.topics().since(from)) {
            stageOf(received).ifPresent(stage -> stages.put(received.job(), stage));
        }
        Map<String, Long> counts = stages.values().stream()
                .collect(Collectors.groupingBy(stage -> stage, TreeMap::new, Collectors.counting()));
        return counts.toString().replace(" ", "");
    }

    private static Optional<String> stageOf(TopicRecord received) {
        if (received.isTerminalEvent()) {
            return Optional.of("announced");
        }
        return switch (received.topic()) {
            case "generation-requested.default", "split-requested" -> Optional.of("accepted");
            case "progress" -> Optional.of("running");
            case "task-reports" -> Optional.of(received.is("task.started") ? "leased" : "reported");
            default -> Optional.empty();
        };
    }

    private boolean freezesGateway() {
        return round.stage() == JobStage.REPORTED_NOT_ANNOUNCED && round.shape() == DeploymentShape.SEVERAL;
    }

    /** Waits for the next record: jobs of earlier records may already be past the stage. */
    private Optional<TopicRecord> awaitRecord(String topic, String type) {
        int position = system.topics().position();
        return system.topics()
                .await(
                        position,
                        received -> received.topic().equals(topic) && (type.isEmpty() || isOfTask(received, type)),
                        TIMEOUT);
    }

    private boolean isOfTask(TopicRecord received, String type) {
        return received.is(type) && received.json().get("task").asString().equals(task);
    }

    private StageMatch awaitReport() {
        if (freezesGateway()) {
            awaitRecord("task-reports", "task.started");
            system.process("gateway").freeze();
        }
        // Reports from before the stop of the gateway may already be published as events.
        return match(awaitRecord("task-reports", "task.succeeded"));
    }

    private StageMatch heldResponse() {
        try {
            var path = system.proxy()
                    .holdNextPut(candidate -> candidate.contains("/" + task + "-"))
                    .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            var job = Path.of(path).getName(4).toString();
            return new StageMatch(true, workerOf(job));
        } catch (TimeoutException | ExecutionException e) {
            return StageMatch.MISSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return StageMatch.MISSED;
        }
    }

    private StageMatch storedFile() {
        var bucket = system.data().resolve("store/buckets/atelier/jobs");
        long end = System.nanoTime() + TIMEOUT.toNanos();
        awaitRecord("task-reports", "task.started");
        var before = files(bucket);
        while (System.nanoTime() < end) {
            if (files(bucket) > before) {
                return new StageMatch(true, "");
            }
            LockSupport.parkNanos(200_000);
        }
        return StageMatch.MISSED;
    }

    private static long files(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".png")).count();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private StageMatch match(Optional<TopicRecord> found) {
        return found.map(received -> new StageMatch(true, workerOf(received.job())))
                .orElse(StageMatch.MISSED);
    }

    /** The worker that last reported a start for the job; empty if there is none. */
    private String workerOf(String job) {
        var starts = system.topics().all(received -> received.job().equals(job) && received.is("task.started"));
        return starts.isEmpty()
                ? ""
                : starts.get(starts.size() - 1).json().get("worker").get("id").asString();
    }

    /**
     * Whether a job was found at the stage.
     *
     * @param worker the worker of the job; empty if there is none or it is unknown
     */
    record StageMatch(boolean reached, String worker) {
        static final StageMatch MISSED = new StageMatch(false, "");
    }
}
