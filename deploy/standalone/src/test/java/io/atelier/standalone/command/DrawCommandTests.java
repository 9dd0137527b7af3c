package io.atelier.standalone.command;

import static io.atelier.standalone.command.SampleJob.ID;
import static io.atelier.standalone.command.SampleJob.IMAGE;
import static io.atelier.standalone.command.SampleJob.STATUS;
import static io.atelier.standalone.command.SampleJob.SUBMIT;
import static io.atelier.standalone.command.SampleJob.image;
import static io.atelier.standalone.command.SampleJob.job;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DrawCommandTests {

    private final ScriptedGateway gateway = new ScriptedGateway();

    @TempDir
    private Path folder;

    private Path picture;

    @BeforeEach
    void choosesAFile() {
        picture = folder.resolve("snowman.png");
    }

    @AfterEach
    void stopsTheGateway() {
        gateway.close();
    }

    @Test
    void savesTheImageAndSaysWhereItLies() {
        gateway.on(SUBMIT, 202, job("queued", ""))
                .on(STATUS, 200, job("running", ""))
                .on(STATUS, 200, job("succeeded", image(0)))
                .on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", picture.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(picture).hasContent("PNG");
        assertThat(run.out())
                .contains("Saved " + picture + " (512 x 512, 1 kB, seed 42)", "Job " + ID + ", model pocket");
        assertThat(run.err()).contains("queued", "running");
    }

    @Test
    void sendsWhatWasAskedAndNothingElse() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");

        draw(
                "a fox",
                "-o",
                picture.toString(),
                "--model",
                "pocket",
                "--seed",
                "7",
                "--size",
                "512X512",
                "--steps",
                "12",
                "--guidance",
                "2.5",
                "--negative",
                "blue",
                "-n",
                "1",
                "--grid",
                "2X3");

        var expected = """
                {"prompt":"a fox","model":"pocket","negative_prompt":"blue","size":"512x512","seed":7,"steps":12,
                 "guidance_scale":2.5,"n":1,"grid":{"layout":"2x3"}}""";
        assertThat(new JsonMapper().readTree(gateway.bodies().get(0))).isEqualTo(new JsonMapper().readTree(expected));
    }

    @Test
    void namesTheImagesToChange() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");

        draw(
                "four views",
                "-o",
                picture.toString(),
                "--image",
                ID,
                "--image",
                ID + ":2",
                "--image",
                "https://example.org/a.png");

        var expected = """
                {"prompt":"four views","images":[{"generation":{"id":"%1$s","index":0}},{"generation":{"id":"%1$s","index":2}},
                 {"image_url":"https://example.org/a.png"}]}""".formatted(ID);
        assertThat(new JsonMapper().readTree(gateway.bodies().get(0))).isEqualTo(new JsonMapper().readTree(expected));
    }

    @Test
    void numbersSeveralImages() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0) + "," + image(1)))
                .on(IMAGE + 0, 200, "first")
                .on(IMAGE + 1, 200, "second");

        var run = draw("a snowman", "-n", "2", "-o", picture.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(folder.resolve("snowman-0.png")).hasContent("first");
        assertThat(folder.resolve("snowman-1.png")).hasContent("second");
        assertThat(picture).doesNotExist();
    }

    @Test
    void namesTheImageAfterTheJobInAFolder() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");

        draw("a snowman", "-o", folder.toString());

        assertThat(folder.resolve(ID + ".png")).hasContent("PNG");
    }

    @Test
    void printsOneJsonObjectForScripts() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", picture.toString(), "--json");

        assertThat(run.json().path("id").asString()).isEqualTo(ID);
        assertThat(run.json().path("files").path(0).path("path").asString()).isEqualTo(picture.toString());
        assertThat(run.json().path("files").path(0).path("seed").asLong()).isEqualTo(42);
        assertThat(run.json().path("seconds").isNumber()).isTrue();
    }

    @Test
    void saysNothingWhenQuiet() {
        gateway.on(SUBMIT, 202, job("queued", ""))
                .on(STATUS, 200, job("succeeded", image(0)))
                .on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", picture.toString(), "--quiet");

        assertThat(run).isEqualTo(new CommandRun(0, "", ""));
    }

    @Test
    void asksAgainWhenTheGatewayIsBusy() {
        gateway.problem(SUBMIT, 503, """
                        {"detail":"Kafka is away.","code":"broker-unavailable","retryable":true}""")
                .on(SUBMIT, 200, job("succeeded", image(0)))
                .on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", picture.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("Asked to wait: Kafka is away.");
        assertThat(gateway.requests()).filteredOn(SUBMIT::equals).hasSize(2);
    }

    @Test
    void survivesAGatewayThatIsAwayForAMoment() {
        gateway.on(SUBMIT, 202, job("queued", ""))
                .hangsUp(STATUS)
                .on(STATUS, 200, job("succeeded", image(0)))
                .on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", picture.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(gateway.requests()).filteredOn(STATUS::equals).hasSizeGreaterThan(1);
    }

    @Test
    void takesTheUrlFromTheEnvironment() throws IOException {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");

        var run = CommandRun.of(
                folder, Map.of("ATELIER_URL", gateway.url()), "draw", "a snowman", "-o", picture.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(Files.readString(picture)).isEqualTo("PNG");
    }

    private CommandRun draw(String... arguments) {
        var words = new ArrayList<>(List.of("draw", "--url", gateway.url()));
        words.addAll(List.of(arguments));
        return CommandRun.of(folder.resolve("data"), Map.of(), words.toArray(String[]::new));
    }
}
