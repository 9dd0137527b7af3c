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

/** One system out of several processes: broker and store, gateway, splitter, and two generator workers that something starts again. */
class SeveralProcessesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int RESTART_STATUS = 87;
    private static final int EXIT_STATUS = 86;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    static Path folder;

    private static final FreePorts PORTS = FreePorts.find();
    private static final Client CLIENT = new Client(PORTS.http());
    private static final List<AutoCloseable> STARTED = new ArrayList<>();
    private static final List<SupervisedProcess> GENERATORS = new ArrayList<>();

    @BeforeAll
    static void start() {
        var settings = PORTS.settings(folder.resolve("data"), 1);
        var restarted = new HashMap<>(settings);
        restarted.put("ATELIER_WORKER_RESTART", "true");
        restarted.put("IO_ATELIER_WORKER_INTERRUPTGRACE", "500ms");
        // All at once, as Compose or a tired person would start them: nobody may depend on who comes first.
        for (var name : List.of("generator-1", "generator-2")) {
            GENERATORS.add(SupervisedProcess.of(() -> AtelierProcess.up(name, "generator", restarted)));
        }
        STARTED.addAll(GENERATORS);
        STARTED.add(AtelierProcess.up("splitter", "splitter", settings));
        STARTED.add(AtelierProcess.up("broker-and-store", "broker,store", settings));
        var gateway = AtelierProcess.up("gateway", "gateway", settings);
        STARTED.add(gateway);
        CLIENT.awaitReady(gateway);
    }

    @AfterAll
    static void stop() throws Exception {
        for (int i = STARTED.size() - 1; i >= 0; i--) {
            STARTED.get(i).close();
        }
    }

    @Test
    void gridTravelsFromThePromptToItsTiles() throws IOException {
        var id = CLIENT.submit(Map.of(
                "model", "test-card",
                "prompt", "four icons grid:2x2",
                "size", "512x512",
                "grid", Map.of("layout", "2x2", "trim", "auto")));

        var job = CLIENT.awaitTerminal(id, PATIENCE);

        assertThat(job.get("status").asString()).isEqualTo("succeeded");
        assertThat(job.get("images")).hasSize(4);
        for (int i = 0; i < 4; i++) {
            var tile = ImageIO.read(new ByteArrayInputStream(CLIENT.image(id, i).body()));
            assertThat(tile.getWidth()).as("width of tile %d", i).isBetween(200, 256);
            assertThat(tile.getHeight()).as("height of tile %d", i).isBetween(200, 256);
        }
    }

    @Test
    void twoWorkersShareTheWork() {
        Awaitility.await("two jobs to run at once").atMost(PATIENCE).until(SeveralProcessesIT::twoRunAtOnce);
    }

    @Test
    void failedJobSaysWhyAndHowOftenItWasTried() {
        var id = CLIENT.submit(Map.of("model", "test-card", "prompt", "fail:rejected", "size", "64x64"));

        var job = CLIENT.awaitTerminal(id, PATIENCE);

        assertThat(job.get("status").asString()).isEqualTo("failed");
        assertThat(job.get("attempt").asInt()).isEqualTo(1);
        assertThat(job.get("error").get("retryable").asBoolean()).isFalse();
    }

    @Test
    void attemptThatFailsIsMadeAgain() {
        var id = CLIENT.submit(Map.of("model", "test-card", "prompt", "fail-times:2", "size", "64x64"));

        var job = CLIENT.awaitTerminal(id, PATIENCE);

        assertThat(job.get("status").asString()).isEqualTo("succeeded");
        assertThat(job.get("attempt").asInt()).isEqualTo(3);
    }

    @Test
    void aPromptThatKillsItsWorkersIsGivenUpAndStopsNobodyElse() {
        int ends = ends(EXIT_STATUS);

        var killer = submit("exit");
        var others =
                Stream.of("one", "two", "three").map(SeveralProcessesIT::submit).toList();

        var job = CLIENT.awaitTerminal(killer, PATIENCE);
        assertThat(job.get("status").asString()).isEqualTo("failed");
        assertThat(job.get("error").get("code").asString()).isEqualTo("poisoned");
        assertThat(job.get("attempt").asInt()).isEqualTo(3);
        assertThat(ends(EXIT_STATUS) - ends).isEqualTo(3);
        assertThat(others)
                .allSatisfy(other -> assertThat(CLIENT.awaitTerminal(other, PATIENCE)
                                .get("status")
                                .asString())
                        .isEqualTo("succeeded"));
        assertThat(letters(killer)).isEqualTo(1);
        assertThat(atelier("dead-letters", "list").get("data")).singleElement().satisfies(letter -> {
            assertThat(letter.get("job_id").asString()).isEqualTo(killer);
            assertThat(letter.get("reason").get("code").asString()).isEqualTo("poisoned");
        });

        var again = atelier("dead-letters", "retry", killer);

        assertThat(again.get("id").asString()).isNotEqualTo(killer);
        assertThat(again.get("parent_id").asString()).isEqualTo(killer);
        assertThat(again.get("request")).isEqualTo(job.get("request"));
        // It would kill them all over again.
        CLIENT.cancel(again.get("id").asString());
        assertThat(CLIENT.awaitTerminal(again.get("id").asString(), PATIENCE)
                        .get("status")
                        .asString())
                .isEqualTo("canceled");
    }

    @Test
    void aWorkerWhoseEngineNothingStopsEndsItselfAndComesBack() {
        int ends = ends(RESTART_STATUS);
        var numb = submit("numb:600s");
        // Before it is numb it would hear the cancellation.
        Awaitility.await("the engine to run for a while")
                .atMost(PATIENCE)
                .during(Duration.ofMillis(500))
                .until(() -> CLIENT.status(numb).equals("running"));

        CLIENT.cancel(numb);

        assertThat(CLIENT.awaitTerminal(numb, PATIENCE).get("status").asString())
                .isEqualTo("canceled");
        Awaitility.await("the end of the worker").atMost(PATIENCE).until(() -> ends(RESTART_STATUS) == ends + 1);
        Awaitility.await("the freed device to be reported")
                .atMost(PATIENCE)
                .until(() -> "restart"
                        .equals(CLIENT.generation(numb)
                                .get("cancel")
                                .path("freed_by")
                                .asString("")));
        Awaitility.await("both workers to work again").atMost(PATIENCE).until(SeveralProcessesIT::twoRunAtOnce);
    }

    private static String submit(String prompt) {
        return CLIENT.submit(Map.of("model", "test-card", "prompt", prompt, "size", "64x64"));
    }

    /** Whether two jobs are seen to run at the same time: each worker has one slot, so then both work. */
    private static boolean twoRunAtOnce() {
        var pair = List.of(submit("delay:1s first"), submit("delay:1s second"));
        var together = new AtomicBoolean();
        Awaitility.await("the end of both")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    var states = pair.stream().map(CLIENT::status).toList();
                    together.compareAndSet(false, states.equals(List.of("running", "running")));
                    return states.equals(List.of("succeeded", "succeeded"));
                });
        return together.get();
    }

    private static int ends(int status) {
        return (int) GENERATORS.stream()
                .flatMap(generator -> generator.statuses().stream())
                .filter(ended -> ended == status)
                .count();
    }

    private static int letters(String job) {
        try (var listener = EventListener.ofDeadLetters(PORTS.brokers())) {
            return listener.all().getOrDefault(job, List.of()).size();
        }
    }

    private static JsonNode atelier(String... words) {
        var line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--json", "--url", "http://127.0.0.1:" + PORTS.http()));
        return JSON.readTree(CommandProcess.run(line.toArray(String[]::new)));
    }
}
