package io.atelier.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.standalone.folder.DataFolder;
import io.atelier.standalone.folder.Launchers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a separate project, in a folder with a space in its name, with stubs for Java and Maven. */
class LauncherTests {

    private static final Path LAUNCHER = Path.of("..", "..", "atelier");
    private static final List<String> TOOLS = List.of(
            "sh",
            "basename",
            "cat",
            "dirname",
            "env",
            "find",
            "head",
            "ls",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sleep",
            "tail",
            "touch");

    @TempDir
    private Path folder;

    private Path project;
    private Path bin;

    @BeforeEach
    void createProject() throws IOException {
        project = Files.createDirectories(folder.resolve("a project"));
        bin = Files.createDirectories(folder.resolve("bin"));
        Files.copy(LAUNCHER, project.resolve("atelier"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Files.createDirectories(project.resolve("gateway/src/main/java"));
        Files.writeString(project.resolve("gateway/src/main/java/Gateway.java"), "class Gateway {}");
        for (var tool : TOOLS) {
            Files.createSymbolicLink(bin.resolve(tool), onThePath(tool));
        }
        installStub("java");
        installStub("mvn");
        Files.writeString(bin.resolve("java-version"), "17.0.1");
        Files.createFile(bin.resolve("javac"));
        Files.setPosixFilePermissions(bin.resolve("javac"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void buildsAMissingJarAndRunsIt() {
        var launch = launch("draw", "a fox", "-o", "x y.png");

        assertThat(launch.exitCode()).isZero();
        assertThat(launch.err())
                .contains("Building Atelier", "  [1/2] gateway", "  [2/2] standalone")
                .doesNotContain("jar:");
        assertThat(launch.out())
                .contains(
                        "ran [" + project.resolve("deploy/standalone/target/unpacked/atelier.jar") + "]",
                        "ran [a fox]",
                        "ran [x y.png]",
                        "ran [-Datelier.launcher=" + project.resolve("atelier") + "]",
                        "ran [-Datelier.terminal=false]",
                        "ran [-Datelier.terminal.out=false]");
    }

    @Test
    void filesOfASystemAreThoseOfTheirOwnerOnly() {
        assertThat(launch("up").out()).contains("umask 0077");
        assertThat(launch("draw", "a fox").out()).contains("umask").doesNotContain("umask 0077");
    }

    @Test
    void runsWithoutABuildIfTheJarIsUpToDate() {
        launch("models");

        var launch = launch("models");

        assertThat(launch.err()).isEmpty();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void rebuildsIfASourceIsNewer() throws IOException {
        launch("models");
        touchLater(project.resolve("gateway/src/main/java/Gateway.java"));

        launch("models");

        assertThat(builds()).hasSize(2);
    }

    @Test
    void rebuildsIfASourceWasDeleted() throws IOException {
        launch("models");
        Files.delete(project.resolve("gateway/src/main/java/Gateway.java"));
        touchLater(project.resolve("gateway/src/main/java"));

        launch("models");

        assertThat(builds()).hasSize(2);
    }

    @Test
    void archivesTheClassesOfEachBuildOnceAndUsesThem() throws IOException {
        launch("models");
        var second = launch("up");

        var archive = project.resolve("deploy/standalone/target/unpacked/classes-17.jsa");
        assertThat(archive).exists();
        assertThat(second.out()).contains("ran [-XX:SharedArchiveFile=" + archive + "]");
        assertThat(Files.readAllLines(bin.resolve("archived")))
                .singleElement()
                .asString()
                .contains("[up] [--until-ready]")
                .endsWith("settings []");
    }

    @Test
    void runsWithoutAnArchiveIfThereCanBeNone() throws IOException {
        Files.createFile(bin.resolve("no-archive"));

        var first = launch("models");

        assertThat(first.exitCode()).isZero();
        assertThat(first.err()).contains("There is no archive, so starts take longer.", "archive.log");
        assertThat(first.out()).contains("ran [models]").doesNotContain("SharedArchiveFile");
        assertThat(launch("models").err()).isEmpty();
    }

    @Test
    void usesAJarOfAMavenBuild() throws IOException {
        var jar = project.resolve("deploy/standalone/target/standalone-0.1.0-SNAPSHOT-exec.jar");
        Files.createDirectories(jar.resolve("..").normalize());
        touchLater(Files.createFile(jar));

        var launch = launch("models");

        assertThat(launch.exitCode()).isZero();
        assertThat(builds()).isEmpty();
    }

    @Test
    void findsItsProjectThroughASymbolicLink() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("atelier-link"), Path.of("a project", "atelier"));

        var launch = start(link, "models").finish();

        assertThat(launch.err()).contains("Building Atelier");
        assertThat(launch.out())
                .contains(project.resolve("deploy/standalone/target/unpacked/atelier.jar")
                        .toString());
    }

    @Test
    void buildsOnceIfTwoAreStartedTogether() throws IOException {
        Files.createFile(project.resolve("slow"));
        var one = start(project.resolve("atelier"), "models");
        var other = start(project.resolve("atelier"), "models");

        assertThat(one.finish().exitCode()).isZero();
        assertThat(other.finish().exitCode()).isZero();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void replacesTheLockOfABuildThatDied() throws IOException {
        var lock = Files.createDirectories(project.resolve("deploy/standalone/target/build.lock"));
        Files.writeString(lock.resolve("pid"), "999999999\n");

        assertThat(launch("models").exitCode()).isZero();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void showsWhyABuildFailedAndThePathOfTheLog() throws IOException {
        Files.createFile(project.resolve("broken"));

        var launch = launch("models");

        assertThat(launch.exitCode()).isEqualTo(3);
        assertThat(launch.out()).isEmpty();
        assertThat(launch.err())
                .contains("[ERROR] Something is wrong in line 7", "deploy/standalone/target/quick/build.log");
        assertThat(project.resolve("deploy/standalone/target/build.lock")).doesNotExist();
    }

    @Test
    void reportsThatMavenIsMissing() throws IOException {
        Files.delete(bin.resolve("mvn"));

        var launch = launch("models");

        assertThat(launch.exitCode()).isEqualTo(3);
        assertThat(launch.err()).contains("Maven is missing");
    }

    @Test
    void needsNoMavenIfTheJarIsUpToDate() throws IOException {
        launch("models");
        Files.delete(bin.resolve("mvn"));

        assertThat(launch("models").exitCode()).isZero();
    }

    @Test
    void reportsThatJavaIsMissingOrTooOld() throws IOException {
        Files.writeString(bin.resolve("java-version"), "11.0.2");
        assertThat(launch("models").err()).contains("is older than Java 17");

        Files.writeString(bin.resolve("java-version"), "1.8.0_292");
        assertThat(launch("models").err()).contains("is older than Java 17");

        Files.delete(bin.resolve("java"));
        var launch = launch("models");
        assertThat(launch.err()).contains("Java is missing. Install a JDK 17 or newer");
        assertThat(launch.exitCode()).isEqualTo(3);
    }

    @Test
    void restartsASystemThatEndedBecauseTheClockWasSetBack() throws IOException {
        Files.writeString(bin.resolve("ends"), "88\n88\n3\n");

        var launch = launch("up", "--parts", "gateway");

        assertThat(launch.exitCode()).isEqualTo(3);
        assertThat(launch.out().lines().filter("ran [gateway]"::equals)).hasSize(3);
    }

    @Test
    void restartsASystemWhoseEngineDidNotStop() throws IOException {
        Files.writeString(bin.resolve("ends"), "87\n3\n");

        var launch = launch("up", "--parts", "generator");

        assertThat(launch.exitCode()).isEqualTo(3);
        assertThat(launch.out().lines().filter("ran [generator]"::equals)).hasSize(2);
    }

    @Test
    void restartsASystemWhoseDiskWasFullWhenThereIsSpace() throws IOException {
        Files.writeString(bin.resolve("ends"), "89\n3\n");
        installStub("df");
        Files.writeString(bin.resolve("free-kb"), "1000\n300000\n");

        var launch = launch("up");

        assertThat(launch.exitCode()).isEqualTo(3);
        assertThat(launch.out().lines().filter("ran [up]"::equals)).hasSize(2);
        assertThat(launch.err()).contains("is full. Free 256 MB: the system starts again then.");
        assertThat(bin.resolve("free-kb")).isEmptyFile();
    }

    @Test
    void aLauncherThatWaitsForDiskSpaceIsFoundAndStops() throws IOException {
        Files.writeString(bin.resolve("ends"), "89\n3\n");
        installStub("df");
        Files.writeString(bin.resolve("free-kb"), "1000\n".repeat(1_000));
        var launchers = new Launchers(new DataFolder(project.resolve("data")));

        var running = start(project.resolve("atelier"), "up");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.readString(running.err()).contains("is full."));
        assertThat(launchers.running())
                .extracting(ProcessHandle::pid)
                .containsExactly(running.process().pid());
        assertThat(launchers.waitingForSpace()).hasSize(1);
        running.process().destroy();

        assertThat(running.finish().exitCode()).isEqualTo(143);
        assertThat(launchers.running()).isEmpty();
        assertThat(project.resolve("data/launchers")).isEmptyDirectory();
    }

    @Test
    void restartsNoOtherCommand() throws IOException {
        Files.writeString(bin.resolve("ends"), "88\n3\n");

        assertThat(launch("models").exitCode()).isEqualTo(88);
    }

    @Test
    void runsInUtf8() throws IOException {
        // Without the tool that lists locales, and with each kind of list.
        assertThat(launch("models").out()).contains("LC_ALL [C.UTF-8]", "ran [-Dfile.encoding=UTF-8]");
        assertThat(launchWithLocales("C\nC.utf8\nPOSIX\nen_US.utf8").out()).contains("LC_ALL [C.utf8]");
        assertThat(launchWithLocales("C\nPOSIX\nde_DE\nen_US.UTF-8\ntr_TR.UTF-8")
                        .out())
                .contains("LC_ALL [en_US.UTF-8]");
        assertThat(launchWithLocales("C\nPOSIX").out()).contains("LC_ALL [C.UTF-8]");
    }

    private Launch launchWithLocales(String list) throws IOException {
        var tool = bin.resolve("locale");
        Files.writeString(tool, "#!/bin/sh\nprintf '" + list + "\\n'\n");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        return launch("models");
    }

    @Test
    void forwardsTheSignalToStopToTheSystem() throws IOException {
        Files.writeString(bin.resolve("ends"), "on-signal\n");

        var running = start(project.resolve("atelier"), "up");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Files.readString(running.out()).contains("ran [up]"));
        // The stub prints that it runs before it handles signals.
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            running.process().destroy();
            return Files.readString(running.out()).contains("got the signal");
        });
        assertThat(running.finish().exitCode()).isEqualTo(143);
    }

    private Launch launch(String... arguments) {
        return start(project.resolve("atelier"), arguments).finish();
    }

    private Running start(Path launcher, String... arguments) {
        try {
            var out = Files.createTempFile(folder, "out", null);
            var err = Files.createTempFile(folder, "err", null);
            var command = Stream.concat(Stream.of("/bin/sh", launcher.toString()), Stream.of(arguments))
                    .toList();
            var builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().put("PATH", bin.toString());
            builder.environment().put("ATELIER_RETAIN", "30d");
            return new Running(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> builds() {
        try {
            var builds = project.resolve("builds");
            return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void installStub(String tool) throws IOException {
        Files.copy(Path.of("src", "test", "resources", "launcher", tool), bin.resolve(tool));
        Files.setPosixFilePermissions(bin.resolve(tool), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path onThePath(String tool) {
        return Stream.of("/usr/bin", "/bin")
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    /** Some file systems store times in whole seconds. */
    private static void touchLater(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    }

    /** A running launch. */
    private record Running(Process process, Path out, Path err) {

        Launch finish() {
            try {
                return new Launch(process.waitFor(), Files.readString(out), Files.readString(err));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** A finished launch: its exit code and its output. */
    private record Launch(int exitCode, String out, String err) {}
}
