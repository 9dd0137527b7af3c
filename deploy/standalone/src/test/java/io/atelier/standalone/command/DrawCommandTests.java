package io.atelier.standalone.command;

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

    private static final String ID = "gen_01kb9q4v6ye7m8c3r5t2w0x1za";
    private static final String SUBMIT = "POST /v1/generations";
    private static final String STATUS = "GET /v1/generations/" + ID;
    private static final String IMAGE = "GET /v1/generations/" + ID + "/images/";

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
    void savesThePictureAndSaysWhereItLies() {
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
    void numbersSeveralPictures() {
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
    void refusesBytesThatAreNotThePicture() {
        var announced = image(0).replace("\"sha256\":\"\"", "\"sha256\":\"" + "0".repeat(64) + "\"");
        gateway.on(SUBMIT, 200, job("succeeded", announced)).on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", picture.toString());

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("arrived damaged", "atelier status " + ID);
        assertThat(picture).doesNotExist();
    }

    @Test
    void namesThePictureAfterTheJobInAFolder() {
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
    void endsWithOneWhenTheJobFails() {
        gateway.on(SUBMIT, 202, job("queued", ""))
                .on(STATUS, 200, job("failed", "").replace("\"error\":null", """
                        "error":{"code":"engine-error","message":"The engine broke."}"""));

        var run = draw("a snowman", "-o", picture.toString(), "--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Job " + ID + " failed: The engine broke. (engine-error)");
        assertThat(run.json().path("exit_code").asInt()).isEqualTo(1);
        assertThat(run.json().path("error").path("id").asString()).isEqualTo(ID);
        assertThat(picture).doesNotExist();
    }

    @Test
    void endsWithOneWhenTheJobIsCanceled() {
        gateway.on(SUBMIT, 202, job("queued", "")).on(STATUS, 200, job("canceled", ""));

        var run = draw("a snowman", "-o", picture.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Job " + ID + " was canceled");
    }

    @Test
    void endsWithTwoAndAllErrorsWhenTheRequestIsRefused() {
        gateway.problem(SUBMIT, 422, """
                {"title":"Validation failed","detail":"2 fields are wrong.","code":"validation-failed","retryable":false,
                 "errors":[{"pointer":"/size","detail":"at most 2048"},{"pointer":"/n","detail":"1 to 16"}]}""");

        var run = draw("a snowman", "-o", picture.toString(), "--json");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("2 fields are wrong.", "/size: at most 2048", "/n: 1 to 16", "(validation-failed, HTTP 422)");
        assertThat(run.json().path("error").path("errors")).hasSize(2);
        assertThat(gateway.requests()).containsExactly(SUBMIT);
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
    void endsWithFourWhenTheGatewayStaysBusy() {
        gateway.problem(SUBMIT, 503, """
                {"detail":"Kafka is away.","code":"broker-unavailable","retryable":true}""");

        var run = draw("a snowman", "-o", picture.toString(), "--timeout", "1s");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("1 s were not enough", "Kafka is away. (broker-unavailable, HTTP 503)");
    }

    @Test
    void endsWithFourAndTheIdWhenTheJobTakesTooLong() {
        gateway.on(SUBMIT, 202, job("queued", "")).on(STATUS, 200, job("running", ""));

        var run = draw("a snowman", "-o", picture.toString(), "--timeout", "1s", "--json");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("Job " + ID + " is still running after 1 s", "atelier status " + ID);
        assertThat(run.json().path("error").path("id").asString()).isEqualTo(ID);
    }

    @Test
    void endsWithThreeWhenNobodyListens() {
        gateway.close();

        var run = draw("a snowman", "-o", picture.toString());

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("No answer from " + gateway.url());
    }

    @Test
    void asksNoSecondTimeForAJobThatMayHaveBeenAccepted() {
        gateway.hangsUp(SUBMIT);

        var run = draw("a snowman", "-o", picture.toString());

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(gateway.requests()).containsExactly(SUBMIT);
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
    void endsWithThreeWhenTheGatewayIsBroken() {
        gateway.problem(SUBMIT, 500, """
                {"detail":"A fault of the gateway.","code":"internal","retryable":false}""");

        assertThat(draw("a snowman", "-o", picture.toString()).exitCode()).isEqualTo(3);
    }

    @Test
    void endsWithTwoWhenSomethingElseListensThere() {
        var run = draw("a snowman", "-o", picture.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("is something else listening there?", "HTTP 404");
    }

    @Test
    void endsWithFiveBeforeAnythingIsDrawn() {
        var run = draw("a snowman", "-o", folder.resolve("no/such/folder/x.png").toString());

        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err()).contains("There is no folder " + folder.resolve("no/such/folder"));
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void endsWithTwoOnWrongUsage() {
        assertThat(draw("a snowman", "--seed", "seven").exitCode()).isEqualTo(2);
        assertThat(draw("a snowman", "--timeout", "never").exitCode()).isEqualTo(2);
        assertThat(draw("a", "snowman").exitCode()).isEqualTo(2);
        assertThat(draw().err()).contains("Missing required parameter: 'PROMPT'", "atelier draw --help");
        assertThat(draw("--json").json().path("error").path("code").asString()).isEqualTo("usage");
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void endsWithTwoWhenTheUrlIsNone() {
        var run = CommandRun.of(folder, Map.of("ATELIER_URL", "localhost:8080"), "draw", "a snowman");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'localhost:8080' is no URL of a gateway");
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

    private static String job(String status, String images) {
        return """
                {"id":"%s","status":"%s","terminal":%s,"stage":"","model":"pocket","images":[%s],"error":null}""".formatted(ID, status, !List.of("queued", "running").contains(status), images);
    }

    private static String image(int index) {
        return """
                {"index":%d,"url":"/v1/generations/%s/images/%d","width":512,"height":512,"seed":%d,"sha256":""}""".formatted(index, ID, index, 42 + index);
    }
}
