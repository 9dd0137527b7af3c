package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One system out of several processes: broker and store, gateway, two generator workers, splitter. */
class SeveralProcessesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    static Path folder;

    private static final List<AtelierProcess> PROCESSES = new ArrayList<>();
    private static Client client = new Client(1);

    @BeforeAll
    static void start() {
        var ports = FreePorts.find();
        var settings = ports.settings(folder.resolve("data"), 1);
        client = new Client(ports.http());
        // All at once, as Compose or a tired person would start them: nobody may depend on who comes first.
        PROCESSES.add(AtelierProcess.up("generator-1", "generator", settings));
        PROCESSES.add(AtelierProcess.up("generator-2", "generator", settings));
        PROCESSES.add(AtelierProcess.up("splitter", "splitter", settings));
        PROCESSES.add(AtelierProcess.up("broker-and-store", "broker,store", settings));
        var gateway = AtelierProcess.up("gateway", "gateway", settings);
        PROCESSES.add(gateway);
        client.awaitReady(gateway);
    }

    @AfterAll
    static void stop() {
        for (int i = PROCESSES.size() - 1; i >= 0; i--) {
            PROCESSES.get(i).close();
        }
    }

    @Test
    void gridTravelsFromThePromptToItsTiles() throws IOException {
        var id = client.submit(Map.of(
                "model", "test-card",
                "prompt", "four icons grid:2x2",
                "size", "512x512",
                "grid", Map.of("layout", "2x2", "trim", "auto")));

        var job = client.awaitTerminal(id, PATIENCE);

        assertThat(job.get("status").asString()).isEqualTo("succeeded");
        assertThat(job.get("images")).hasSize(4);
        for (int i = 0; i < 4; i++) {
            var tile = ImageIO.read(new ByteArrayInputStream(client.image(id, i).body()));
            assertThat(tile.getWidth()).as("width of tile %d", i).isBetween(200, 256);
            assertThat(tile.getHeight()).as("height of tile %d", i).isBetween(200, 256);
        }
    }

    @Test
    void twoWorkersShareTheWork() {
        var start = System.nanoTime();
        var jobs = new ArrayList<String>();
        for (int i = 0; i < 8; i++) {
            jobs.add(client.submit(Map.of("model", "test-card", "prompt", "delay:1s card " + i, "size", "64x64")));
        }

        var workers = jobs.stream()
                .map(id -> client.awaitTerminal(id, PATIENCE))
                .peek(job -> assertThat(job.get("status").asString()).isEqualTo("succeeded"))
                .count();

        assertThat(workers).isEqualTo(8);
        // One worker with its one slot needs eight seconds for the delays alone.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
    }

    @Test
    void failedJobSaysWhyAndHowOftenItWasTried() {
        var id = client.submit(Map.of("model", "test-card", "prompt", "fail:rejected", "size", "64x64"));

        var job = client.awaitTerminal(id, PATIENCE);

        assertThat(job.get("status").asString()).isEqualTo("failed");
        assertThat(job.get("attempt").asInt()).isEqualTo(1);
        assertThat(job.get("error").get("retryable").asBoolean()).isFalse();
    }

    @Test
    void attemptThatFailsIsMadeAgain() {
        var id = client.submit(Map.of("model", "test-card", "prompt", "fail-times:2", "size", "64x64"));

        var job = client.awaitTerminal(id, PATIENCE);

        assertThat(job.get("status").asString()).isEqualTo("succeeded");
        assertThat(job.get("attempt").asInt()).isEqualTo(3);
    }
}
