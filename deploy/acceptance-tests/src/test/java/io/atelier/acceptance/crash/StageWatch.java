package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.plan.Round;
import io.atelier.acceptance.crash.plan.Shape;
import io.atelier.acceptance.crash.plan.Stage;
import io.atelier.acceptance.crash.reader.ObservedRecord;
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
 * Waits for the moment when a job is at the stage of the round. With several processes the last two stages, which last for milliseconds, are
 * made to last: by holding the store's answer back, and by freezing the gateway. A standalone system has to be met in the act.
 */
final class StageWatch {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Installation system;
    private final Round round;
    private final int from;
    private final String task;

    /** @param from the reader's position at the start of the round */
    StageWatch(Installation system, Round round, int from) {
        this.system = system;
        this.round = round;
        this.from = from;
        this.task = round.victim().equals("splitter") ? "split" : "generate";
    }

    /** Returns at the moment. */
    Met await() {
        return switch (round.stage()) {
            case ACCEPTED -> met(heard(task.equals("split") ? "split-requested" : "generation-requested.default", ""));
            case LEASED -> met(heard("task-reports", "task.started"));
            case RUNNING ->
                met(
                        task.equals("split")
                                ? heard("task-reports", "task.started")
                                : heard("progress", "task.progressed"));
            case STORED_NOT_REPORTED -> round.shape() == Shape.STANDALONE ? storedFile() : heldAnswer();
            case REPORTED_NOT_ANNOUNCED -> reported();
        };
    }

    /** Lets go what was held back for the stage. */
    void release() {
        system.proxy().release();
        if (freezesGateway() && system.process("gateway").alive()) {
            system.process("gateway").thaw();
        }
    }

    /** How many jobs of the round are how far, as the topics tell it. */
    String census() {
        var stages = new LinkedHashMap<String, String>();
        for (var said : system.topics().since(from)) {
            stageOf(said).ifPresent(stage -> stages.put(said.job(), stage));
        }
        Map<String, Long> counts = stages.values().stream()
                .collect(Collectors.groupingBy(stage -> stage, TreeMap::new, Collectors.counting()));
        return counts.toString().replace(" ", "");
    }

    private static Optional<String> stageOf(ObservedRecord said) {
        if (said.isTerminalEvent()) {
            return Optional.of("announced");
        }
        return switch (said.topic()) {
            case "generation-requested.default", "split-requested" -> Optional.of("accepted");
            case "progress" -> Optional.of("running");
            case "task-reports" -> Optional.of(said.is("task.started") ? "leased" : "reported");
            default -> Optional.empty();
        };
    }

    private boolean freezesGateway() {
        return round.stage() == Stage.REPORTED_NOT_ANNOUNCED && round.shape() == Shape.SEVERAL;
    }

    /** The next one: what was said before may be past that stage. */
    private Optional<ObservedRecord> heard(String topic, String type) {
        int position = system.topics().position();
        return system.topics()
                .await(
                        position,
                        said -> said.topic().equals(topic) && (type.isEmpty() || isOfTask(said, type)),
                        PATIENCE);
    }

    private boolean isOfTask(ObservedRecord said, String type) {
        return said.is(type) && said.json().get("task").asString().equals(task);
    }

    private Met reported() {
        if (freezesGateway()) {
            heard("task-reports", "task.started");
            system.process("gateway").freeze();
        }
        // What had been reported before the gateway stood still may have been announced.
        return met(heard("task-reports", "task.succeeded"));
    }

    private Met heldAnswer() {
        try {
            var path = system.proxy()
                    .holdNextPut(wanted -> wanted.contains("/" + task + "-"))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            var job = Path.of(path).getName(4).toString();
            return new Met(true, workerOf(job));
        } catch (TimeoutException | ExecutionException e) {
            return Met.MISSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Met.MISSED;
        }
    }

    private Met storedFile() {
        var bucket = system.data().resolve("store/buckets/atelier/jobs");
        long end = System.nanoTime() + PATIENCE.toNanos();
        heard("task-reports", "task.started");
        var before = files(bucket);
        while (System.nanoTime() < end) {
            if (files(bucket) > before) {
                return new Met(true, "");
            }
            LockSupport.parkNanos(200_000);
        }
        return Met.MISSED;
    }

    private static long files(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".png")).count();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private Met met(Optional<ObservedRecord> said) {
        return said.map(heard -> new Met(true, workerOf(heard.job()))).orElse(Met.MISSED);
    }

    /** Who said last that he works on the job; empty if nobody did. */
    private String workerOf(String job) {
        var starts = system.topics().all(said -> said.job().equals(job) && said.is("task.started"));
        return starts.isEmpty()
                ? ""
                : starts.get(starts.size() - 1).json().get("worker").get("id").asString();
    }

    /**
     * Whether the stage was met.
     *
     * @param worker who has the job; empty if nobody or not known
     */
    record Met(boolean inTime, String worker) {
        static final Met MISSED = new Met(false, "");
    }
}
