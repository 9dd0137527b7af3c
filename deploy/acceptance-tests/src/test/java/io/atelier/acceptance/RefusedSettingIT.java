package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of a wrong setting, in the command and in a service. */
@Tag("processes")
class RefusedSettingIT {

    private static final String MESSAGE = "ATELIER_REMOTE_SLOTS is 'ten'; it must be a whole number from 0 to 256.";

    @TempDir
    private Path folder;

    @Test
    void commandPrintsOneLine() throws IOException, InterruptedException {
        var ended = run(
                CommandProcess.commandLine(List.of(), List.of("up", "--parts", "generator")),
                "ATELIER_REMOTE_SLOTS",
                "ten");

        assertThat(ended.lines())
                .startsWith("Starting generator ...", "atelier: " + MESSAGE)
                .allSatisfy(line -> assertThat(line).doesNotContain("ERROR", "Exception", "\tat "));
        assertThat(ended.status()).isEqualTo(2);
    }

    @Test
    void serviceLogsOneLine() throws IOException, InterruptedException {
        var ended = run(service("io.atelier.generator.GeneratorApplication"), "ATELIER_REMOTE_SLOTS", "ten");

        assertThat(ended.lines())
                .filteredOn(line -> line.contains("ERROR") || line.contains("WARN"))
                .hasSize(1);
        assertThat(ended.lines()).last().asString().contains("ERROR").endsWith(MESSAGE);
        assertThat(ended.status()).isEqualTo(1);
    }

    @Test
    void serviceNamesACatalogueThatIsNotThere() throws IOException, InterruptedException {
        var ended = run(service("io.atelier.gateway.GatewayApplication"), "ATELIER_CATALOGUE", "file:/none/models.yml");

        assertThat(ended.lines())
                .singleElement()
                .asString()
                .contains("ERROR")
                .endsWith(
                        "ATELIER_CATALOGUE is 'file:/none/models.yml'; it must be a file that this process can read.");
        assertThat(ended.status()).isEqualTo(1);
    }

    private static List<String> service(String main) {
        var line = new ArrayList<>(CommandProcess.commandLine(List.of(), List.of()));
        line.set(line.size() - 1, main);
        return line;
    }

    private Ended run(List<String> line, String variable, String value) throws IOException, InterruptedException {
        var output = Files.createTempFile(folder, "output", null);
        var builder = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("ATELIER_"));
        builder.environment()
                .putAll(Map.of(
                        "ATELIER_DATA",
                        folder.toString(),
                        "ATELIER_KAFKA",
                        "127.0.0.1:1",
                        "ATELIER_HTTP_PORT",
                        "0",
                        "ATELIER_S3_ACCESS_KEY",
                        "access",
                        "ATELIER_S3_SECRET_KEY",
                        "secret",
                        variable,
                        value));
        var process = builder.start();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("The process did not end: " + Files.readString(output));
        }
        return new Ended(process.exitValue(), Files.readAllLines(output));
    }

    /** An ended process, with all that it printed. */
    private record Ended(int status, List<String> lines) {}
}
