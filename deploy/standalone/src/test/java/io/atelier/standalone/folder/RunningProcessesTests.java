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
    void opensTheFolder() {
        data = new DataFolder(folder.resolve("data")).create();
        processes = new RunningProcesses(data);
    }

    @Test
    void knowsNobodyInAFolderThatIsNotThere() {
        assertThat(new RunningProcesses(new DataFolder(folder.resolve("none"))).all())
                .isEmpty();
    }

    @Test
    void knowsALivingProcessAndItsAddresses() {
        processes.add(SELF);

        assertThat(processes.all()).containsExactly(SELF);
        assertThat(processes.address(RunningProcess::url)).contains("http://127.0.0.1:8080");
        assertThat(processes.address(RunningProcess::kafka)).isEmpty();
    }

    @Test
    void forgetsAProcessThatWasRemoved() {
        processes.add(SELF);
        processes.remove(SELF);

        assertThat(processes.all()).isEmpty();
    }

    @Test
    void clearsAwayWhatADeadProcessLeft() throws IOException, InterruptedException {
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
    void knowsThatAProcessIsDeadBeforeItsParentHasHeardOfIt() throws IOException {
        // The shell becomes a program that never asks for the ends of the children that the shell had.
        var parent = new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; exec cat").start();
        try (var answers = parent.inputReader();
                var words = parent.outputWriter()) {
            var child = ProcessHandle.of(Long.parseLong(answers.readLine())).orElseThrow();
            // A shell would have asked.
            words.write("become\n");
            words.flush();
            assertThat(answers.readLine()).isEqualTo("become");
            var startedAt = child.info().startInstant().orElseThrow();
            processes.add(new RunningProcess(child.pid(), startedAt, List.of("broker"), null, "127.0.0.1:9092", null));
            assertThat(processes.all()).hasSize(1);

            child.destroyForcibly();

            await().atMost(Duration.ofSeconds(10)).until(() -> processes.all().isEmpty());
            assertThat(child.isAlive()).as("it looks alive").isTrue();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void takesALaterProcessOfTheSameNumberForAnother() {
        processes.add(new RunningProcess(
                SELF.pid(), SELF.startedAt().minus(Duration.ofMinutes(1)), SELF.parts(), SELF.url(), null, null));

        assertThat(processes.all()).isEmpty();
    }

    @Test
    void allowsForAClockThatWasSet() {
        var shifted =
                new RunningProcess(SELF.pid(), SELF.startedAt().plusSeconds(1), SELF.parts(), SELF.url(), null, null);
        processes.add(shifted);

        assertThat(processes.all()).containsExactly(shifted);
    }

    @Test
    void overlooksWhatIsNoSuchFile() throws IOException {
        Files.writeString(data.running().resolve("1.json"), "{");
        processes.add(SELF);

        assertThat(processes.all()).containsExactly(SELF);
    }
}
