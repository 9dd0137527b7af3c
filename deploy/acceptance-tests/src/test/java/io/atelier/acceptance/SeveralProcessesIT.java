package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A system of several processes: broker and store, gateway, splitter, and two supervised generator workers. */
class SeveralProcessesIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final int RESTART_STATUS = 87;
    private static final int EXIT_STATUS = 86;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    static Path folder;

    private static final FreePorts PORTS = FreePorts.find();
    private static final HttpApiClient CLIENT = new HttpApiClient(PORTS.http());
    private static final List<SupervisedProcess> GENERATORS = new ArrayList<>();
    private static AtelierProcess servers;
    private static AtelierProcess splitter;
    private static AtelierProcess gateway;

    @BeforeAll
    static void start() {
        var settings = PORTS.settings(folder.resolve("data"), 1);
        var restarted = new HashMap<>(settings);
        restarted.put("ATELIER_WORKER_RESTART", "true");
        restarted.put("IO_ATELIER_WORKER_INTERRUPTGRACE", "500ms");
        // All at once, because the order of the starts must not matter.
        for (var name : List.of("generator-1", "generator-2")) {
            GENERATORS.add(SupervisedProcess.of(() -> AtelierProcess.up(name, "generator", restarted)));
        }
        splitter = AtelierProcess.up("splitter", "splitter", settings);
        servers = AtelierProcess.up("broker-and-store", "broker,store", settings);
        gateway = AtelierProcess.up("gateway", "gateway", settings);
        CLIENT.awaitReady(gateway);
    }

    @AfterAll
    static void stop() {
        // The broker last, because the others would wait for it.
        Stream.<Runnable>concat(
                        GENERATORS.stream().map(process -> process::close), Stream.of(splitter::close, gateway::close))
                .map(CompletableFuture::runAsync)
                .toList()
                .forEach(CompletableFuture::join);
        servers.close();
    }

    @Test
    void gridIsGeneratedAndSplitIntoTiles() throws IOException {
        var id = CLIENT.submit(Map.of(
                "model", "test-card",
                "prompt", "four icons grid:2x2",
                "size", "512x512",
                "grid", Map.of("layout", "2x2", "trim", "auto")));

        var job = CLIENT.awaitTerminal(id, TIMEOUT);

        assertThat(job.get("status").asString()).isEqualTo("succeeded");
        assertThat(job.get("images")).hasSize(4);
        for (int i = 0; i < 4; i++) {
            var tile = ImageIO.read(new ByteArrayInputStream(CLIENT.image(id, i).body()));
            assertThat(tile.getWidth()).as("width of tile %d", i).isBetween(200, 256);
            assertThat(tile.getHeight()).as("height of tile %d", i).isBetween(200, 256);
        }
    }

    @Test
    void twoWorkersRunTasksInParallel() {
        Awaitility.await("two jobs to run in parallel").atMost(TIMEOUT).until(SeveralProcessesIT::twoJobsRunInParallel);
    }

    @Test
    void failedJobHasAnErrorAndItsAttempts() {
        var id = CLIENT.submit(Map.of("model", "test-card", "prompt", "fail:rejected", "size", "64x64"));

        var job = CLIENT.awaitTerminal(id, TIMEOUT);

        assertThat(job.get("status").asString()).isEqualTo("failed");
        assertThat(job.get("attempt").asInt()).isEqualTo(1);
        assertThat(job.get("error").get("retryable").asBoolean()).isFalse();
    }

    @Test
    void failedAttemptIsRetried() {
        var id = CLIENT.submit(Map.of("model", "test-card", "prompt", "fail-times:2", "size", "64x64"));

        var job = CLIENT.awaitTerminal(id, TIMEOUT);

        assertThat(job.get("status").asString()).isEqualTo("succeeded");
        assertThat(job.get("attempt").asInt()).isEqualTo(3);
    }

    @Test
    void aTaskThatKillsItsWorkersIsDeadLetteredAndBlocksNoOtherTask() {
        int exits = exits(EXIT_STATUS);

        var poisoned = submit("exit");
        var others =
                Stream.of("one", "two", "three").map(SeveralProcessesIT::submit).toList();

        var job = CLIENT.awaitTerminal(poisoned, TIMEOUT);
        assertThat(job.get("status").asString()).isEqualTo("failed");
        assertThat(job.get("error").get("code").asString()).isEqualTo("poisoned");
        assertThat(job.get("attempt").asInt()).isEqualTo(3);
        assertThat(exits(EXIT_STATUS) - exits).isEqualTo(3);
        assertThat(others)
                .allSatisfy(other -> assertThat(CLIENT.awaitTerminal(other, TIMEOUT)
                                .get("status")
                                .asString())
                        .isEqualTo("succeeded"));
        assertThat(deadLetters(poisoned)).isEqualTo(1);
        assertThat(atelier("dead-letters", "list").get("data")).singleElement().satisfies(deadLetter -> {
            assertThat(deadLetter.get("job_id").asString()).isEqualTo(poisoned);
            assertThat(deadLetter.get("reason").get("code").asString()).isEqualTo("poisoned");
        });

        var retry = atelier("dead-letters", "retry", poisoned);

        assertThat(retry.get("id").asString()).isNotEqualTo(poisoned);
        assertThat(retry.get("parent_id").asString()).isEqualTo(poisoned);
        assertThat(retry.get("request")).isEqualTo(job.get("request"));
        // The retry would kill the workers again.
        CLIENT.cancel(retry.get("id").asString());
        assertThat(CLIENT.awaitTerminal(retry.get("id").asString(), TIMEOUT)
                        .get("status")
                        .asString())
                .isEqualTo("canceled");
    }

    @Test
    void aWorkerWhoseEngineCannotBeStoppedRestarts() {
        int exits = exits(RESTART_STATUS);
        var unstoppable = submit("numb:600s");
        // A cancellation before the engine starts would stop the task.
        Awaitility.await("the engine to run for a while")
                .atMost(TIMEOUT)
                .during(Duration.ofMillis(500))
                .until(() -> CLIENT.status(unstoppable).equals("running"));

        CLIENT.cancel(unstoppable);

        assertThat(CLIENT.awaitTerminal(unstoppable, TIMEOUT).get("status").asString())
                .isEqualTo("canceled");
        Awaitility.await("the end of the worker").atMost(TIMEOUT).until(() -> exits(RESTART_STATUS) == exits + 1);
        Awaitility.await("the release of the device to be reported")
                .atMost(TIMEOUT)
                .until(() -> "restart"
                        .equals(CLIENT.generation(unstoppable)
                                .get("cancel")
                                .path("freed_by")
                                .asString("")));
        Awaitility.await("both workers to run tasks again")
                .atMost(TIMEOUT)
                .until(SeveralProcessesIT::twoJobsRunInParallel);
    }

    private static String submit(String prompt) {
        return CLIENT.submit(Map.of("model", "test-card", "prompt", prompt, "size", "64x64"));
    }

    /** Whether two jobs run at the same time. Each worker has one slot, so both workers are then busy. */
    private static boolean twoJobsRunInParallel() {
        var pair = List.of(submit("delay:1s first"), submit("delay:1s second"));
        var parallel = new AtomicBoolean();
        Awaitility.await("the end of both")
                .atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    var states = pair.stream().map(CLIENT::status).toList();
                    parallel.compareAndSet(false, states.equals(List.of("running", "running")));
                    return states.equals(List.of("succeeded", "succeeded"));
                });
        return parallel.get();
    }

    private static int exits(int status) {
        return (int) GENERATORS.stream()
                .flatMap(generator -> generator.statuses().stream())
                .filter(ended -> ended == status)
                .count();
    }

    private static int deadLetters(String job) {
        try (var consumer = TopicConsumer.ofDeadLetters(PORTS.brokers())) {
            return consumer.readAll().getOrDefault(job, List.of()).size();
        }
    }

    private static JsonNode atelier(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--json", "--url", "http://127.0.0.1:" + PORTS.http()));
        return JSON.readTree(CommandProcess.run(line.toArray(String[]::new)));
    }
}
