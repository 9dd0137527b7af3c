package io.atelier.acceptance.crash;

import io.atelier.acceptance.crash.JobStageWatcher.StageMatch;
import io.atelier.acceptance.crash.plan.AvatarKill;
import io.atelier.acceptance.crash.reader.TopicRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Waits until an avatar is at the stage of the round. If its result is to be stored, the response of the store is held. */
final class AvatarStageWatcher {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Pattern TASK_FOLDER = Pattern.compile(".*/(gen_[^/]+)/([^/]+)-\\d+/[^/]+");

    private final SystemUnderTest system;
    private final AvatarKill round;

    AvatarStageWatcher(SystemUnderTest system, AvatarKill round) {
        this.system = system;
        this.round = round;
    }

    /** Returns when an avatar is at the stage, or after a timeout. */
    StageMatch await() {
        return round.isStored() ? heldResponse() : begun();
    }

    /** Releases the held response. */
    void release() {
        system.proxy().release();
    }

    /** The number of avatars of the round at each stage, according to the last event of each. */
    String stageCounts(int from) {
        var stages = new LinkedHashMap<String, String>();
        for (var received : system.topics().since(from)) {
            if (received.isTerminalEvent()) {
                stages.put(received.job(), "announced");
            } else if (received.topic().equals("events")) {
                stages.put(received.job(), received.json().path("stage").asString("unknown"));
            }
        }
        Map<String, Long> counts = stages.values().stream()
                .collect(Collectors.groupingBy(stage -> stage, TreeMap::new, Collectors.counting()));
        return counts.toString().replace(" ", "");
    }

    private StageMatch begun() {
        int position = system.topics().position();
        Predicate<TopicRecord> begins = received -> received.is("task.started")
                && round.stage().hasTask(received.json().get("task").asString());
        return system.topics()
                .await(position, begins, TIMEOUT)
                .map(received -> new StageMatch(true, worker(received)))
                .orElse(StageMatch.MISSED);
    }

    private StageMatch heldResponse() {
        try {
            var path = system.proxy().holdNextPut(round.stage()::stores).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return new StageMatch(true, workerOf(path));
        } catch (TimeoutException | ExecutionException e) {
            return StageMatch.MISSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return StageMatch.MISSED;
        }
    }

    /** The worker that last reported a start of the task that stores the object; empty if there is none, as for a published copy. */
    private String workerOf(String path) {
        var folder = TASK_FOLDER.matcher(path);
        if (!folder.matches()) {
            return "";
        }
        var starts = system.topics()
                .all(received -> received.job().equals(folder.group(1))
                        && received.is("task.started")
                        && received.json().get("task").asString().equals(folder.group(2)));
        return starts.isEmpty() ? "" : worker(starts.get(starts.size() - 1));
    }

    private static String worker(TopicRecord start) {
        return start.json().get("worker").get("id").asString();
    }
}
