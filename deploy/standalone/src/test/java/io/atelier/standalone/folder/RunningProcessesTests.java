package io.atelier.standalone.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RunningProcessesTests {

    private static final RunningProcess SELF =
            RunningProcess.current(List.of("gateway"), "http://127.0.0.1:8080", null, null);

    @TempDir
    private Path folder;

    private DataFolder data;
    private RunningProcesses processes;

    @BeforeEach
    void createFolder() {
        data = new DataFolder(folder.resolve("data")).create();
        processes = new RunningProcesses(data);
    }

    @Test
    void hasNoProcessesForAMissingFolder() {
        assertThat(new RunningProcesses(new DataFolder(folder.resolve("none"))).all())
                .isEmpty();
    }

    @Test
    void returnsALiveProcessAndItsAddresses() {
        processes.add(SELF);

        assertThat(processes.all()).containsExactly(SELF);
        assertThat(processes.address(RunningProcess::url)).contains("http://127.0.0.1:8080");
        assertThat(processes.address(RunningProcess::kafka)).isEmpty();
    }

    @Test
    void doesNotReturnARemovedProcess() {
        processes.add(SELF);
        processes.remove(SELF);

        assertThat(processes.all()).isEmpty();
    }

    @Test
    void removesAProcessThatHasEnded() throws IOException, InterruptedException {
        var child = new ProcessBuilder("sleep", "60").start();
        var startedAt = child.info().startInstant().orElseThrow();
        processes.add(new RunningProcess(child.pid(), startedAt, List.of("broker"), null, "127.0.0.1:9092", null));
        assertThat(processes.all()).hasSize(1);

        child.destroyForcibly().waitFor();

        assertThat(processes.all()).isEmpty();
        assertThat(data.running()).isEmptyDirectory();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void removesAZombie() throws IOException {
        // The shell is replaced by a program that never waits for the children of the shell.
        var parent = new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; exec cat").start();
        try (var output = parent.inputReader();
                var input = parent.outputWriter()) {
            var child = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            // A shell would have waited for its child.
            input.write("exec done\n");
            input.flush();
            assertThat(output.readLine()).isEqualTo("exec done");
            var startedAt = child.info().startInstant().orElseThrow();
            processes.add(new RunningProcess(child.pid(), startedAt, List.of("broker"), null, "127.0.0.1:9092", null));
            assertThat(processes.all()).hasSize(1);

            child.destroyForcibly();

            await().atMost(Duration.ofSeconds(10)).until(() -> processes.all().isEmpty());
            assertThat(child.isAlive()).as("isAlive() of the zombie").isTrue();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void ignoresALaterProcessWithTheSameId() {
        processes.add(new RunningProcess(
                SELF.pid(), SELF.startedAt().minus(Duration.ofMinutes(1)), SELF.parts(), SELF.url(), null, null));

        assertThat(processes.all()).isEmpty();
    }

    @Test
    void toleratesAClockThatWasSet() {
        var shifted =
                new RunningProcess(SELF.pid(), SELF.startedAt().plusSeconds(1), SELF.parts(), SELF.url(), null, null);
        processes.add(shifted);

        assertThat(processes.all()).containsExactly(shifted);
    }

    @Test
    void ignoresUnreadableFiles() throws IOException {
        Files.writeString(data.running().resolve("1.json"), "{");
        processes.add(SELF);

        assertThat(processes.all()).containsExactly(SELF);
    }
}
