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

    private Path imageFile;

    @BeforeEach
    void chooseAFile() {
        imageFile = folder.resolve("snowman.png");
    }

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    @Test
    void savesTheImageAndPrintsItsFile() {
        gateway.on(SUBMIT, 202, job("queued", ""))
                .on(STATUS, 200, job("running", ""))
                .on(STATUS, 200, job("succeeded", image(0)))
                .on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", imageFile.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(imageFile).hasContent("PNG");
        assertThat(run.out())
                .contains("Saved " + imageFile + " (512 x 512, 1 kB, seed 42)", "Job " + ID + ", model pocket");
        assertThat(run.err()).contains("queued", "running");
    }

    @Test
    void sendsTheGivenOptionsOnly() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");

        draw(
                "a fox",
                "-o",
                imageFile.toString(),
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
             "guidance_scale":2.5,"n":1,"grid":{"layout":"2x3"}}\
            """;
        assertThat(new JsonMapper().readTree(gateway.bodies().get(0))).isEqualTo(new JsonMapper().readTree(expected));
    }

    @Test
    void sendsTheSourceImages() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");

        draw(
                "four views",
                "-o",
                imageFile.toString(),
                "--image",
                ID,
                "--image",
                ID + ":2",
                "--image",
                "https://example.org/a.png");

        var expected = """
            {"prompt":"four views","images":[{"generation":{"id":"%1$s","index":0}},{"generation":{"id":"%1$s","index":2}},
             {"image_url":"https://example.org/a.png"}]}\
            """.formatted(ID);
        assertThat(new JsonMapper().readTree(gateway.bodies().get(0))).isEqualTo(new JsonMapper().readTree(expected));
    }

    @Test
    void uploadsFilesAndNamesThem() throws IOException {
        var source = Files.writeString(folder.resolve("source.png"), "the bytes of an image");
        var mask = Files.writeString(folder.resolve("mask.png"), "the bytes of a mask");
        gateway.on("POST /v1/files", 201, "{\"id\": \"file_uploaded\"}")
                .on(SUBMIT, 200, job("succeeded", image(0)))
                .on(IMAGE + 0, 200, "PNG");

        var run = draw(
                "a hat",
                "-o",
                imageFile.toString(),
                "--image",
                source.toString(),
                "--mask",
                mask.toString(),
                "--strength",
                "0.5");

        assertThat(run.exitCode()).isZero();
        assertThat(gateway.requests().subList(0, 3)).containsExactly("POST /v1/files", "POST /v1/files", SUBMIT);
        assertThat(gateway.bodies().get(0)).contains("name=\"file\"; filename=", "the bytes of an image");
        assertThat(gateway.bodies().get(1)).contains("the bytes of a mask");
        assertThat(new JsonMapper().readTree(gateway.bodies().get(2))).isEqualTo(new JsonMapper().readTree("""
            {"prompt":"a hat","strength":0.5,"images":[{"file_id":"file_uploaded"}],"mask":{"file_id":"file_uploaded"}}\
            """));
    }

    @Test
    void optionsOfSomeModelsAreSentAsTheyAre() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");

        var run = draw(
                "a hat",
                "-o",
                imageFile.toString(),
                "--quality",
                "max",
                "--format",
                "png",
                "--background",
                "transparent",
                "--moderation",
                "low",
                "--input-fidelity",
                "high");

        assertThat(run.exitCode()).isZero();
        assertThat(new JsonMapper().readTree(gateway.bodies().get(0))).isEqualTo(new JsonMapper().readTree("""
            {"prompt":"a hat","quality":"max","output":{"format":"png","background":"transparent"},"moderation":"low","input_fidelity":"high"}\
            """));
    }

    @Test
    void fileThatTheGatewayRefusesIsReported() throws IOException {
        Files.writeString(folder.resolve("source.png"), "the bytes of an image");
        var source = Files.writeString(folder.resolve("source.txt"), "no image");
        gateway.on("POST /v1/files", 201, "{\"id\": \"file_uploaded\"}")
                .on("POST /v1/files", 422, "{\"code\": \"validation-failed\", \"detail\": \"The file is no image.\"}");

        var run = draw("a hat", "--image", folder.resolve("source.png").toString(), "--image", source.toString());

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err())
                .contains("'" + source + "': The file is no image.")
                .doesNotContain("source.png");
    }

    @Test
    void numbersSeveralImages() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0) + "," + image(1)))
                .on(IMAGE + 0, 200, "first")
                .on(IMAGE + 1, 200, "second");

        var run = draw("a snowman", "-n", "2", "-o", imageFile.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(folder.resolve("snowman-0.png")).hasContent("first");
        assertThat(folder.resolve("snowman-1.png")).hasContent("second");
        assertThat(imageFile).doesNotExist();
    }

    @Test
    void namesTheFileInAFolderAfterTheJob() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");

        draw("a snowman", "-o", folder.toString());

        assertThat(folder.resolve(ID + ".png")).hasContent("PNG");
    }

    @Test
    void printsOneJsonObject() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", imageFile.toString(), "--json");

        assertThat(run.json().path("id").asString()).isEqualTo(ID);
        assertThat(run.json().path("files").path(0).path("path").asString()).isEqualTo(imageFile.toString());
        assertThat(run.json().path("files").path(0).path("seed").asLong()).isEqualTo(42);
        assertThat(run.json().path("seconds").isNumber()).isTrue();
    }

    @Test
    void printsNothingWithQuiet() {
        gateway.on(SUBMIT, 202, job("queued", ""))
                .on(STATUS, 200, job("succeeded", image(0)))
                .on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", imageFile.toString(), "--quiet");

        assertThat(run).isEqualTo(new CommandRun(0, "", ""));
    }

    @Test
    void retriesWhileTheGatewayIsBusy() {
        gateway.problem(SUBMIT, 503, """
            {"detail":"Kafka is unavailable.","code":"broker-unavailable","retryable":true}\
            """)
                .on(SUBMIT, 200, job("succeeded", image(0)))
                .on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", imageFile.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("Waiting, as the gateway asks: Kafka is unavailable.");
        assertThat(gateway.requests()).filteredOn(SUBMIT::equals).hasSize(2);
        assertThat(gateway.idempotencyKeys())
                .hasSize(2)
                .containsOnly(gateway.idempotencyKeys().get(0));
    }

    @Test
    void toleratesAShortOutageOfTheGateway() {
        gateway.on(SUBMIT, 202, job("queued", ""))
                .hangsUp(STATUS)
                .on(STATUS, 200, job("succeeded", image(0)))
                .on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", imageFile.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(gateway.requests()).filteredOn(STATUS::equals).hasSizeGreaterThan(1);
    }

    @Test
    void takesTheUrlFromTheEnvironment() throws IOException {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");

        var run = CommandRun.of(
                folder, Map.of("ATELIER_URL", gateway.url()), "draw", "a snowman", "-o", imageFile.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(Files.readString(imageFile)).isEqualTo("PNG");
    }

    private CommandRun draw(String... arguments) {
        var line = new ArrayList<>(List.of("draw", "--url", gateway.url()));
        line.addAll(List.of(arguments));
        return CommandRun.of(folder.resolve("data"), Map.of(), line.toArray(String[]::new));
    }
}
