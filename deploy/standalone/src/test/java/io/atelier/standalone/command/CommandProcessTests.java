package io.atelier.standalone.command;

import static io.atelier.standalone.command.SampleJob.ID;
import static io.atelier.standalone.command.SampleJob.IMAGE;
import static io.atelier.standalone.command.SampleJob.STATUS;
import static io.atelier.standalone.command.SampleJob.SUBMIT;
import static io.atelier.standalone.command.SampleJob.image;
import static io.atelier.standalone.command.SampleJob.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.standalone.Atelier;
import io.atelier.standalone.console.ShutdownReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The command as a process of its own: what a shell hands over as bytes, closed streams and signals. */
@Timeout(120)
class CommandProcessTests {

    private final ScriptedGateway gateway = new ScriptedGateway();

    @TempDir
    private Path folder;

    @BeforeEach
    void scriptGateway() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");
    }

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    @Test
    void refusesArgumentsAndSettingsThatAreNotUtf8() throws Exception {
        var prompt = shell("draw \"$(printf 'Schlo\\337')\" -o z.png --json");
        assertThat(prompt.waitFor()).isEqualTo(2);
        assertThat(err()).contains("Argument 2 is not text in UTF-8: 'Schlo\uFFFD'.", "draw -");
        assertThat(new JsonMapper().readTree(out()).path("exit_code").asInt()).isEqualTo(2);

        assertThat(shell("draw 'a castle' -o \"$(printf 'Schlo\\337.png')\"").waitFor())
                .isEqualTo(2);
        assertThat(err()).contains("Argument 4 is not text in UTF-8");

        assertThat(shell("ATELIER_DATA=\"$(printf 'Schlo\\337')\"", "draw 'a castle' -o z.png")
                        .waitFor())
                .isEqualTo(2);
        assertThat(err()).contains("ATELIER_DATA is not text in UTF-8");
        assertThat(gateway.requests()).isEmpty();

        assertThat(shell("draw 'Schlo\u00DF \u2744' -o z.png").waitFor())
                .as(err())
                .isZero();
        assertThat(gateway.bodies().get(0)).contains("Schlo\u00DF \u2744");
    }

    @Test
    void createsNoJobIfStandardOutputIsClosed() throws Exception {
        for (var options : new String[] {"-o -", "-o z.png", "-o z.png --json"}) {
            assertThat(shell("draw 'a castle' " + options + " >&-").waitFor())
                    .as(options)
                    .isEqualTo(5);
            assertThat(err()).contains("Standard output is closed");
        }
        assertThat(gateway.requests()).isEmpty();

        assertThat(shell("draw 'a castle' -o - | cat >piped").waitFor()).isZero();
        assertThat(folder.resolve("piped")).hasContent("PNG");
        assertThat(shell("draw 'a castle' -o - >/dev/null").waitFor()).as(err()).isZero();
    }

    @Test
    void printsTheObjectOfAnAcceptedJobWhenASignalStopsIt() throws Exception {
        gateway.close();
        try (var slow = new ScriptedGateway()) {
            slow.on(SUBMIT, 202, job("queued", "")).on(STATUS, 200, job("running", ""));
            var process = start(slow.url(), "", "exec ", "draw 'a castle' -o z.png --json");
            await().atMost(Duration.ofSeconds(60)).until(() -> slow.requests().contains(STATUS));

            process.destroy();

            assertThat(process.waitFor()).isEqualTo(143);
            assertThat(err()).contains("Job " + ID + " goes on; check it with './atelier status " + ID + "'.");
            var error = new JsonMapper().readTree(out()).path("error");
            assertThat(error.path("id").asString()).isEqualTo(ID);
            assertThat(error.path("code").asString()).isEqualTo("stopped");
        }
    }

    @Test
    void namesWhatASignalLeavesOfADownload() throws Exception {
        try (var hub = new FakeHub(TinyModels.SD3).stall("/transformer/model.onnx")) {
            var process = start(
                    gateway.url(),
                    "HF_ENDPOINT=" + hub.url(),
                    "exec ",
                    "models add hf:" + FakeHub.REPOSITORY + " --name tiny");
            var staging = folder.resolve("data/models/.download-tiny");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(staging.resolve("transformer/model.onnx.part")));

            process.destroy();

            assertThat(process.waitFor()).isEqualTo(143);
            assertThat(err()).contains(staging.toString(), "The same command goes on", "models remove tiny'");
            assertThat(staging).isDirectory();
            assertThat(staging.resolveSibling(".lock-tiny")).doesNotExist();
        }
    }

    /** A copy has no such point to wait for, so this is a program of its own. */
    @Test
    void interruptedActionDeletesWhatItHasBegunBeforeTheReport() throws Exception {
        var process = start("", "", "exec ", InterruptedCopy.class, "copy");
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(folder.resolve("copy")));

        process.destroy();

        assertThat(process.waitFor()).isEqualTo(143);
        assertThat(out()).isEqualTo("deleted\n");
        assertThat(err()).isEmpty();
    }

    /** Works until it is interrupted. */
    static final class InterruptedCopy {

        private InterruptedCopy() {}

        public static void main(String[] arguments) {
            var file = Path.of(arguments[0]);
            ShutdownReport.interrupting(
                    () -> System.out.println(Files.exists(file) ? "kept" : "deleted"), () -> copy(file));
        }

        private static void copy(Path file) {
            try {
                Files.createFile(file);
                Thread.sleep(Duration.ofMinutes(1).toMillis());
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                file.toFile().delete();
            }
        }
    }

    private Process shell(String command) throws IOException {
        return shell("", command);
    }

    private Process shell(String settings, String command) throws IOException {
        return start(gateway.url(), settings, "", command);
    }

    private Process start(String url, String settings, String prefix, String command) throws IOException {
        return start(url, settings, prefix, Atelier.class, command);
    }

    private Process start(String url, String settings, String prefix, Class<?> main, String command)
            throws IOException {
        var builder = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "%s %s \"$JAVA\" -XX:TieredStopAtLevel=1 -Dfile.encoding=UTF-8 %s %s"
                                .formatted(settings, prefix, "'" + main.getName() + "'", command))
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ATELIER_") || name.startsWith("LC_"));
        builder.environment()
                .putAll(Map.of(
                        "JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "CLASSPATH",
                        System.getProperty("java.class.path"),
                        "LC_ALL",
                        "C.UTF-8",
                        "ATELIER_DATA",
                        folder.resolve("data").toString(),
                        "ATELIER_URL",
                        url));
        return builder.start();
    }

    private String out() throws IOException {
        return Files.readString(folder.resolve("out"));
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err"));
    }
}
