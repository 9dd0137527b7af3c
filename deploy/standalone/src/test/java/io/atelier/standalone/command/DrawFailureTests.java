package io.atelier.standalone.command;

import static io.atelier.standalone.command.SampleJob.ID;
import static io.atelier.standalone.command.SampleJob.IMAGE;
import static io.atelier.standalone.command.SampleJob.STATUS;
import static io.atelier.standalone.command.SampleJob.SUBMIT;
import static io.atelier.standalone.command.SampleJob.image;
import static io.atelier.standalone.command.SampleJob.job;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit codes of {@code draw} and their messages. */
class DrawFailureTests {

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
    void refusesAnImageWithAnotherChecksum() {
        var withChecksum = image(0).replace("\"sha256\":\"\"", "\"sha256\":\"" + "0".repeat(64) + "\"");
        gateway.on(SUBMIT, 200, job("succeeded", withChecksum)).on(IMAGE + 0, 200, "PNG");

        var run = draw("a snowman", "-o", imageFile.toString());

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("does not match its checksum", "atelier status " + ID);
        assertThat(imageFile).doesNotExist();
    }

    @Test
    void endsWithOneWhenTheJobFails() {
        gateway.on(SUBMIT, 202, job("queued", ""))
                .on(STATUS, 200, job("failed", "").replace("\"error\":null", """
                        "error":{"code":"engine-error","message":"The engine broke."}"""));

        var run = draw("a snowman", "-o", imageFile.toString(), "--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Job " + ID + " failed: The engine broke. (engine-error)");
        assertThat(run.json().path("exit_code").asInt()).isEqualTo(1);
        assertThat(run.json().path("error").path("id").asString()).isEqualTo(ID);
        assertThat(imageFile).doesNotExist();
    }

    @Test
    void endsWithOneWhenTheJobIsCanceled() {
        gateway.on(SUBMIT, 202, job("queued", "")).on(STATUS, 200, job("canceled", ""));

        var run = draw("a snowman", "-o", imageFile.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Job " + ID + " was canceled");
    }

    @Test
    void endsWithTwoAndAllErrorsIfTheRequestIsRefused() {
        gateway.problem(SUBMIT, 422, """
                {"title":"Validation failed","detail":"2 fields are wrong.","code":"validation-failed","retryable":false,
                 "errors":[{"pointer":"/size","detail":"at most 2048"},{"pointer":"/n","detail":"1 to 16"}]}""");

        var run = draw("a snowman", "-o", imageFile.toString(), "--json");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "2 fields are wrong.",
                        "--size: at most 2048",
                        "  -n: 1 to 16",
                        "(validation-failed, HTTP 422)");
        assertThat(run.json().at("/error/errors/0").asString()).isEqualTo("--size: at most 2048");
        assertThat(run.json().at("/error/errors/1").asString()).isEqualTo("-n: 1 to 16");
        assertThat(gateway.requests()).containsExactly(SUBMIT);
    }

    @Test
    void endsWithFourWhenTheGatewayStaysBusy() {
        gateway.problem(SUBMIT, 503, """
                {"detail":"Kafka is unavailable.","code":"broker-unavailable","retryable":true}""");

        var run = draw("a snowman", "-o", imageFile.toString(), "--timeout", "1s");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err())
                .contains("The timeout of 1 s is over", "Kafka is unavailable. (broker-unavailable, HTTP 503)");
    }

    @Test
    void endsWithFourAndTheIdIfTheJobTakesTooLong() {
        gateway.on(SUBMIT, 202, job("queued", "")).on(STATUS, 200, job("running", ""));

        var run = draw("a snowman", "-o", imageFile.toString(), "--timeout", "1s", "--json");

        assertThat(run.exitCode()).isEqualTo(4);
        assertThat(run.err()).contains("Job " + ID + " is still running after 1 s", "atelier status " + ID);
        assertThat(run.json().path("error").path("id").asString()).isEqualTo(ID);
    }

    @Test
    void endsWithThreeIfTheGatewayCannotBeReached() {
        gateway.close();

        var run = draw("a snowman", "-o", imageFile.toString());

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .contains("No response from " + gateway.url() + "/: nothing listens on this port. Check the URL")
                .doesNotContain("Exception");
    }

    @Test
    void doesNotRepeatAPostThatMayHaveBeenAccepted() {
        gateway.hangsUp(SUBMIT);

        var run = draw("a snowman", "-o", imageFile.toString());

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(gateway.requests()).containsExactly(SUBMIT);
    }

    @Test
    void endsWithThreeOnAnInternalErrorOfTheGateway() {
        gateway.problem(SUBMIT, 500, """
                {"detail":"Internal error.","code":"internal","retryable":false}""");

        assertThat(draw("a snowman", "-o", imageFile.toString()).exitCode()).isEqualTo(3);
    }

    @Test
    void endsWithTwoIfTheModelHasNoApiKeyOrNoWorkerAndWithThreeIfTheSystemIsShortOfSomething() {
        gateway.problem(SUBMIT, 503, """
                        {"detail":"Set OPENAI_API_KEY.","code":"not-configured","retryable":false}""").problem(SUBMIT, 503, """
                        {"detail":"No worker runs its engine.","code":"no-capable-worker","retryable":false}""").problem(SUBMIT, 500, """
                        {"detail":"Internal error.","code":"internal-error","retryable":false}""");

        for (int exitCode : new int[] {2, 2, 3}) {
            assertThat(draw("a snowman", "-o", imageFile.toString()).exitCode()).isEqualTo(exitCode);
        }
    }

    @Test
    void saysWhyThereWasNoResponseInWordsForUsers() {
        assertThat(drawAt("http://no-such-host.invalid:8080").err())
                .contains("No response from http://no-such-host.invalid:8080/: no host has this name.");
        gateway.hangsUp(SUBMIT);
        assertThat(drawAt(gateway.url()).err())
                .contains("the connection was closed before the response was complete")
                .doesNotContain("Exception", "header parser");
        gateway.on("GET /v1/models", 200, "<html>");
        var page = CommandRun.of(folder, Map.of(), "models", "--url", gateway.url());
        assertThat(page.err())
                .contains("its response is not JSON. Check the URL")
                .doesNotContain("token", "[Source");
    }

    @Test
    void endsWithTwoIfTheServerIsNotAGateway() {
        var run = draw("a snowman", "-o", imageFile.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("check that the URL is that of a gateway", "HTTP 404");
    }

    @Test
    void endsWithFiveBeforeAJobIsCreated() {
        var run = draw("a snowman", "-o", folder.resolve("no/such/folder/x.png").toString());

        assertThat(run.exitCode()).isEqualTo(5);
        assertThat(run.err()).contains("The folder " + folder.resolve("no/such/folder") + " does not exist");
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void endsWithTwoOnWrongUsage() {
        assertThat(draw("a snowman", "--seed", "seven").exitCode()).isEqualTo(2);
        assertThat(draw("a snowman", "--timeout", "never").exitCode()).isEqualTo(2);
        for (var time : List.of("5", "0s", "999ms", "8d", "-5s", "5 s", "1h30m", "PT5S")) {
            var run = draw("a snowman", "--timeout=" + time);
            assertThat(run.exitCode()).as(time).isEqualTo(2);
            assertThat(run.err())
                    .contains("'--timeout'")
                    .contains("'" + time + "' must be a duration with its unit, such as 1500ms, 90s, 5m, 1h or 2d");
        }
        assertThat(draw("a snowman", "--image", "a.png").exitCode()).isEqualTo(2);
        assertThat(draw("a", "snowman").exitCode()).isEqualTo(2);
        assertThat(draw().err()).contains("Missing required parameter: 'PROMPT'", "atelier draw --help");
        assertThat(draw("--json").json().path("error").path("code").asString()).isEqualTo("usage");
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void endsWithTwoOnAnInvalidUrl() {
        var run = CommandRun.of(folder, Map.of("ATELIER_URL", "localhost:8080"), "draw", "a snowman");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'localhost:8080' is not the URL of a gateway");
    }

    private CommandRun drawAt(String url) {
        return CommandRun.of(
                folder.resolve("data"), Map.of(), "draw", "a snowman", "--url", url, "-o", folder + "/x.png");
    }

    private CommandRun draw(String... arguments) {
        var line = new ArrayList<>(List.of("draw", "--url", gateway.url()));
        line.addAll(List.of(arguments));
        return CommandRun.of(folder.resolve("data"), Map.of(), line.toArray(String[]::new));
    }
}
