package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a real system of which a process is suspended, killed or missing: it ends in time and says what is the matter. */
@Tag("processes")
class CommandTimeLimitIT {

    private static final int TIMED_OUT = 4;
    private static final Duration LIMIT = Duration.ofSeconds(6);
    /** What the JVM of a command takes on a busy machine, beside its limit. */
    private static final Duration JVM = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final FreePorts ports = FreePorts.find();
    private final HttpApiClient client = new HttpApiClient(ports.http());
    private AtelierProcess servers;
    private AtelierProcess gateway;

    @BeforeEach
    void start() {
        var settings = ports.settings(folder.resolve("data"), 1);
        servers = AtelierProcess.up("broker-and-store", "broker,store", settings);
        gateway = AtelierProcess.up("gateway", "gateway,generator", settings);
        client.awaitReady(gateway);
        Awaitility.await("the generator to announce itself")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !client.workers().isEmpty());
    }

    @AfterEach
    void stop() {
        // The gateway would wait for the broker, which is gone.
        gateway.kill();
        servers.kill();
    }

    /** One system for all cases, because its start takes longer than they do. */
    @Test
    void endsInTimeAndSaysWhatIsTheMatter() {
        var grid = draw("four cards delay:60s", "--grid", "2x2");
        assertThat(grid.error()).contains("no splitter runs", "./atelier up --parts splitter");
        assertTimedOut(grid);
        var running = jobs().get(0);

        servers.freeze();
        Awaitility.await("the gateway to notice that no broker answers")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !client.isReady());
        var status = run("status", running);
        assertNoBroker(draw("a card"));
        assertThat(status.join().status()).isZero();
        assertThat(status.join().output()).contains(running);
        assertThat(status.join().duration()).isLessThan(JVM);

        servers.kill();
        status = run("status", running);
        assertNoBroker(draw("a card"));
        assertThat(status.join().status()).isZero();

        gateway.freeze();
        status = run("status", running);
        var silent = draw("a card");
        assertTimedOut(silent);
        assertThat(silent.error()).contains("it does not answer within");
        assertThat(status.join().status()).isEqualTo(3);
        assertThat(status.join().error()).contains("No complete response from http://127.0.0.1:" + ports.http());
        assertThat(status.join().duration()).isLessThan(Duration.ofSeconds(10).plus(JVM));
    }

    private List<String> jobs() {
        return run("list", "--json")
                .join()
                .output()
                .lines()
                .filter(line -> line.contains("\"id\""))
                .map(line -> line.replaceAll(".*\"(gen_[^\"]+)\".*", "$1"))
                .toList();
    }

    private static void assertNoBroker(Ended draw) {
        assertTimedOut(draw);
        assertThat(draw.error()).contains("no Kafka broker answers", "No job was created");
    }

    private static void assertTimedOut(Ended draw) {
        assertThat(draw.status()).as(draw.error()).isEqualTo(TIMED_OUT);
        assertThat(draw.duration()).as(draw.error()).isLessThan(LIMIT.plus(JVM));
        assertThat(draw.error()).doesNotContain("Internal error", "Exception", "Starting");
    }

    private Ended draw(String prompt, String... options) {
        var line = new ArrayList<>(List.of(
                "draw", prompt, "--model", "test-card", "--size", "128x128", "--timeout", LIMIT.toSeconds() + "s"));
        line.addAll(List.of(options));
        line.addAll(List.of("-o", folder.resolve("image.png").toString()));
        return run(line.toArray(String[]::new)).join();
    }

    private CompletableFuture<Ended> run(String... arguments) {
        try {
            var error = Files.createTempFile(folder, "error", null);
            var builder = new ProcessBuilder(CommandProcess.commandLine(List.of(), List.of(arguments)))
                    .redirectError(error.toFile());
            builder.environment().keySet().removeIf(key -> key.startsWith("ATELIER_"));
            builder.environment()
                    .putAll(Map.of("ATELIER_DATA", folder.resolve("data").toString()));
            long start = System.nanoTime();
            var process = builder.start();
            return CompletableFuture.supplyAsync(() -> ended(process, error, start));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Ended ended(Process process, Path error, long start) {
        try {
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            return new Ended(status, output, Files.readString(error), Duration.ofNanos(System.nanoTime() - start));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private record Ended(int status, String output, String error, Duration duration) {}
}
