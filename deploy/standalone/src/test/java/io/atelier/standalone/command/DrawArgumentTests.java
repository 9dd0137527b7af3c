package io.atelier.standalone.command;

import static io.atelier.standalone.command.SampleJob.IMAGE;
import static io.atelier.standalone.command.SampleJob.SUBMIT;
import static io.atelier.standalone.command.SampleJob.image;
import static io.atelier.standalone.command.SampleJob.job;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.standalone.console.TerminalStreams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Prompts and outputs of {@code draw} in all forms that the shell may hand over. */
class DrawArgumentTests {

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
    void promptThatBeginsWithAnAtIsNoFile() throws IOException {
        var secret = Files.writeString(folder.resolve("secret"), "--json");

        var run = draw("@" + secret, "--negative", "@home", "-o", file("x.png"));

        assertThat(run.exitCode()).as(run.err()).isZero();
        var body = new JsonMapper().readTree(gateway.bodies().get(0));
        assertThat(body.path("prompt").asString()).isEqualTo("@" + secret);
        assertThat(body.path("negative_prompt").asString()).isEqualTo("@home");
    }

    @Test
    void readsThePromptFromStandardInput() {
        var run = drawWith("a castle\nin snow ❄\n", TerminalStreams.NONE, "-", "-o", file("x.png"));

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(new JsonMapper()
                        .readTree(gateway.bodies().get(0))
                        .path("prompt")
                        .asString())
                .isEqualTo("a castle\nin snow ❄");
    }

    @Test
    void writesTheImageToStandardOutputAndNothingElse() {
        var run = draw("a castle", "-o", "-");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("PNG");
        assertThat(run.err()).contains("Saved to standard output (512 x 512");
    }

    @Test
    void writesNoImageToATerminalAndNoSeveralOnesToStandardOutput() {
        var run = drawWith("", new TerminalStreams(true, true, false), "a castle", "-o", "-");

        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err()).contains("Standard output is a terminal");
        for (var other : List.of("--json", "--open", "-n2", "--grid=2x2")) {
            assertThat(draw("a castle", "-o", "-", other).exitCode()).as(other).isEqualTo(2);
        }
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void nameThatEndsInASlashIsAFolder() throws IOException {
        var missing = draw("a castle", "-o", file("missing/"));
        assertThat(missing.exitCode()).isEqualTo(5);
        assertThat(missing.err()).contains("The folder " + folder.resolve("missing") + " does not exist");
        Files.writeString(folder.resolve("file"), "");
        assertThat(draw("a castle", "-o", file("file/")).exitCode()).isEqualTo(5);
        assertThat(gateway.requests()).isEmpty();

        Files.createDirectory(folder.resolve("images"));
        assertThat(draw("a castle", "-o", file("images/")).exitCode()).isZero();
        assertThat(folder.resolve("images/" + SampleJob.ID + ".png")).hasContent("PNG");
    }

    @Test
    void formatFollowsFromTheNameOfTheFile() throws IOException {
        for (var arguments : List.of(
                List.of("-o", file("x.jpg")),
                List.of("-o", file("x.JPEG")),
                List.of("-o", file("x.jpg"), "--format", "jpeg"),
                List.of("-o", file("x"), "--format", "JPG"),
                List.of("-o", folder + "/", "--format", "jpeg"))) {
            var run = draw(
                    Stream.concat(Stream.of("a castle"), arguments.stream()).toArray(String[]::new));

            assertThat(run.exitCode()).as(run.err()).isZero();
            // The download of the image has none.
            var bodies =
                    gateway.bodies().stream().filter(body -> !body.isEmpty()).toList();
            assertThat(new JsonMapper()
                            .readTree(bodies.get(bodies.size() - 1))
                            .at("/output/format")
                            .asString(""))
                    .as("%s", arguments)
                    .isEqualTo("jpeg");
        }
        assertThat(folder.resolve("x.jpg")).hasContent("PNG");
        assertThat(folder.resolve(SampleJob.ID + ".jpg")).hasContent("PNG");
    }

    @Test
    void nameAndFormatMustAgree() {
        for (var arguments : List.of(List.of("x.png", "jpeg"), List.of("x.jpg", "png"), List.of("x.jpeg", "webp"))) {
            var run = draw("a castle", "-o", file(arguments.get(0)), "--format", arguments.get(1));

            assertThat(run.exitCode()).as("%s", arguments).isEqualTo(2);
            assertThat(run.err()).contains("but --format is " + arguments.get(1));
        }
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void refusesNamesOfOtherFormats() {
        for (var name : List.of("x.webp", "x.AVIF", "a.b.tiff")) {
            var run = draw("a castle", "-o", file(name));
            assertThat(run.exitCode()).as(name).isEqualTo(2);
            assertThat(run.err()).contains("is not the name of a PNG or JPEG file");
        }
        assertThat(draw("a castle", "-o", "").exitCode()).isEqualTo(2);
        assertThat(gateway.requests()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void proposesQuotesForAPromptOfSeveralWords() {
        var run = draw("a", "red", "castle");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("put it in quotes: draw \"a red castle\"");
        assertThat(draw("a castle", "--sead", "7").err())
                .contains("Unknown option: '--sead'. Did you mean: --seed?")
                .doesNotContain("'7'");
    }

    private String file(String name) {
        return folder + "/" + name;
    }

    private CommandRun draw(String... arguments) {
        return drawWith("", TerminalStreams.NONE, arguments);
    }

    private CommandRun drawWith(String input, TerminalStreams terminal, String... arguments) {
        var line = new ArrayList<>(List.of("draw", "--url", gateway.url()));
        line.addAll(List.of(arguments));
        return CommandRun.of(
                Map.of("ATELIER_DATA", folder.resolve("data").toString()),
                List.of("/bin/false"),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                terminal,
                line.toArray(String[]::new));
    }
}
