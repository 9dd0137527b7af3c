package io.atelier.standalone.command;

import static io.atelier.standalone.command.SampleJob.IMAGE;
import static io.atelier.standalone.command.SampleJob.SUBMIT;
import static io.atelier.standalone.command.SampleJob.image;
import static io.atelier.standalone.command.SampleJob.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.RunningProcess;
import io.atelier.standalone.folder.RunningProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code draw} with a registered system, and with one that it has to start. */
class StartedSystemTests {

    private static final String READY = "GET /readyz";

    private final ScriptedGateway old = new ScriptedGateway();
    private final ScriptedGateway started = new ScriptedGateway();

    @TempDir
    private Path folder;

    private Path starts;

    @BeforeEach
    void scriptGateways() {
        starts = folder.resolve("starts");
        old.on(READY, 503, "");
        started.on(READY, 200, "").on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");
    }

    @AfterEach
    void stopGateways() {
        old.close();
        started.close();
    }

    @Test
    void startsASystemIfNoneRuns() throws IOException {
        var run = draw(startOf(RunningProcess.current(List.of("gateway"), started.url(), null, null)));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(starts).hasContent("once");
    }

    @Test
    void startsASystemIfTheRegisteredOneHasEnded() throws IOException, InterruptedException {
        var killed = new ProcessBuilder("sleep", "60").start();
        try {
            var startedAt = killed.info().startInstant().orElseThrow();
            processes("data")
                    .add(new RunningProcess(killed.pid(), startedAt, List.of("gateway"), old.url(), null, null));
            var start = startOf(RunningProcess.current(List.of("gateway"), started.url(), null, null));

            var run = CompletableFuture.supplyAsync(() -> draw(start));
            await("the old gateway to be polled").until(() -> old.requests().contains(READY));
            assertThat(starts).doesNotExist();
            killed.destroyForcibly().waitFor();

            assertThat(run.join().exitCode()).as(run.join().err()).isZero();
            assertThat(starts).hasContent("once");
        } finally {
            killed.destroyForcibly();
        }
    }

    @Test
    void startsNoSecondSystemIfTheFirstOneEnds() {
        var run = draw(List.of("/bin/sh", "-c", "echo once >>" + starts + "; echo Disk full."));

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("The system did not start. Its last output:", "Disk full.");
        assertThat(starts).hasContent("once");
    }

    /** A command line that starts a system which registers itself as the given process. */
    private List<String> startOf(RunningProcess process) throws IOException {
        processes("prepared").add(process);
        try (var files = Files.walk(folder.resolve("prepared"))) {
            var written = files.filter(file -> file.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
            var script = "echo once >>%s; cp %s %s".formatted(starts, written, folder.resolve("data/running"));
            return List.of("/bin/sh", "-c", script);
        }
    }

    private RunningProcesses processes(String name) {
        return new RunningProcesses(new DataFolder(folder.resolve(name)).create());
    }

    private CommandRun draw(List<String> upCommand) {
        return CommandRun.of(
                folder.resolve("data"),
                Map.of(),
                upCommand,
                "draw",
                "a snowman",
                "--timeout",
                "30s",
                "-o",
                folder.resolve("snowman.png").toString());
    }
}
