package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * A system of processes that were started in other locales: in that of Iran, numbers have other digits; in that of Turkey, the lower case of I is
 * not i; with LC_ALL=C, the environment has no letters but ASCII.
 */
@Tag("processes")
class ForeignLocaleIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PROMPT = "ein Schloß, 城, قلعه";

    @TempDir
    private static Path folder;

    private static final FreePorts PORTS = FreePorts.find();
    private static final HttpApiClient CLIENT = new HttpApiClient(PORTS.http());
    private static final List<AtelierProcess> STARTED = new ArrayList<>();

    @BeforeAll
    static void start() {
        STARTED.add(AtelierProcess.up("broker-and-store", "broker,store", settings("tr", "TR")));
        var rest = AtelierProcess.up("rest", "gateway,generator,splitter", settings("fa", "IR"));
        STARTED.add(rest);
        CLIENT.awaitReady(rest);
    }

    @AfterAll
    static void stop() {
        for (int i = STARTED.size() - 1; i >= 0; i--) {
            STARTED.get(i).close();
        }
    }

    @Test
    void drawsWhatWasTyped() throws IOException, InterruptedException {
        var image = folder.resolve("Schloß.png");

        var drawn = command("C.UTF-8", "fa", "draw", PROMPT, "--model", "test-card", "-o", image.toString(), "--json");

        assertThat(drawn.status()).as(drawn.err()).isZero();
        var id = JSON.readTree(drawn.out()).path("id").asString();
        assertThat(image).isNotEmptyFile();
        assertThat(CLIENT.generation(id).toString()).contains(PROMPT);
        assertThat(CLIENT.generation(id).path("status").asString()).isEqualTo("succeeded");
    }

    @Test
    void splitsAGrid() throws IOException, InterruptedException {
        var target = folder.resolve("icons.png").toString();

        var drawn = command(
                "C.UTF-8",
                "tr",
                "draw",
                "icons grid:2x2",
                "--model",
                "test-card",
                "--grid",
                "2x2",
                "-o",
                target,
                "--json");

        assertThat(drawn.status()).as(drawn.err()).isZero();
        var id = JSON.readTree(drawn.out()).path("id").asString();
        assertThat(CLIENT.generation(id).path("images"))
                .as(drawn.out() + CLIENT.generation(id))
                .hasSize(4);
    }

    @Test
    void printsUtf8WithoutALocaleForIt() throws IOException, InterruptedException {
        var id = CLIENT.submit(Map.of("model", "test-card", "prompt", PROMPT, "size", "64x64"));

        var shown = command("C", "fa", "status", id, "--json");

        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out()).contains(PROMPT);
    }

    @Test
    void refusesArgumentsThatItCannotRead() throws IOException, InterruptedException {
        var refused = command("C", "fa", "draw", PROMPT, "--model", "test-card", "-o", "x.png");

        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("cannot read", "LC_ALL=C.UTF-8").hasLineCount(1);
    }

    private static Map<String, String> settings(String language, String country) {
        var settings = new HashMap<>(PORTS.settings(folder.resolve("data"), 1));
        settings.put("LC_ALL", "C");
        settings.put("JDK_JAVA_OPTIONS", "-Duser.language=" + language + " -Duser.country=" + country);
        return settings;
    }

    private static Ended command(String locale, String language, String... arguments)
            throws IOException, InterruptedException {
        var out = Files.createTempFile(folder, "out", null);
        var err = Files.createTempFile(folder, "err", null);
        // The encoding of this test must not change the arguments: the shell reads them from a file.
        var words = Files.createTempFile(folder, "words", null);
        var line = CommandProcess.commandLine(List.of("-Duser.language=" + language), List.of(arguments));
        Files.writeString(words, "exec '" + String.join("' '", line) + "'\n", StandardCharsets.UTF_8);
        var builder = new ProcessBuilder("/bin/sh", words.toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("LC_ALL", locale);
        builder.environment().put("ATELIER_DATA", folder.resolve("data").toString());
        var process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("The command did not end: " + Files.readString(err));
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** An ended command. */
    private record Ended(int status, String out, String err) {}
}
