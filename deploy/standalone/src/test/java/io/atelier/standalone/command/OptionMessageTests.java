package io.atelier.standalone.command;

import static io.atelier.standalone.command.SampleJob.IMAGE;
import static io.atelier.standalone.command.SampleJob.SUBMIT;
import static io.atelier.standalone.command.SampleJob.image;
import static io.atelier.standalone.command.SampleJob.job;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Refusals of options name the option, and say what is allowed in words of users, for all options of a request. */
class OptionMessageTests {

    private static final String ID = SampleJob.ID;

    private final ScriptedGateway gateway = new ScriptedGateway();

    @TempDir
    private Path folder;

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    @Test
    void everyOptionOfARequestIsNamedAsItWasTyped() {
        gateway.on(SUBMIT, 200, job("succeeded", image(0))).on(IMAGE + 0, 200, "PNG");
        var given = List.of(
                "--model=m",
                "--negative=x",
                "--size=64x64",
                "--seed=1",
                "--steps=2",
                "--guidance=3",
                "-n=1",
                "--grid=2x2",
                "--quality=high",
                "--moderation=low",
                "--input-fidelity=low",
                "--image=" + ID);
        draw(given);
        var members = new JsonMapper().readTree(gateway.bodies().get(0)).propertyNames();
        assertThat(members).as("one member for each option and the prompt").hasSize(given.size() + 1);

        for (var member : members) {
            var refusing = new ScriptedGateway();
            try (refusing) {
                refusing.problem(SUBMIT, 422, """
                        {"detail":"/%1$s: is wrong.","code":"validation-failed","retryable":false,
                         "errors":[{"pointer":"/%1$s","detail":"is wrong."}]}""".formatted(member));

                var run = CommandRun.of(folder, Map.of("ATELIER_URL", refusing.url()), line(given));

                assertThat(run.err())
                        .as(member)
                        .doesNotContain("/" + member)
                        .containsPattern("atelier: (-|PROMPT).*: is wrong\\.");
            }
        }
    }

    @Test
    void partOfAnOptionAndOneOfItsValuesAreNamed() {
        gateway.problem(SUBMIT, 422, """
                {"detail":"3 errors. The first: /grid/layout: is wrong.","code":"validation-failed","retryable":false,"errors":[
                 {"pointer":"/grid/layout","detail":"is wrong."},{"pointer":"/images/1/generation/id","detail":"is unknown."},
                 {"pointer":"/output/format","detail":"is new."},{"pointer":"/output/background","detail":"is green."},
                 {"pointer":"/delivery","detail":"is odd."}]}""");

        var run = draw(List.of("--grid=2x2", "--image=" + ID, "--image=" + ID + ":1"));

        assertThat(run.err())
                .contains("3 errors. The first: --grid: is wrong.")
                .contains(
                        "\n  --grid: is wrong.",
                        "\n  --image (value 2): is unknown.",
                        "\n  --format: is new.",
                        "\n  --background: is green.",
                        "\n  /delivery: is odd.");
    }

    @Test
    void membersInASentenceAreNamedAsOptions() {
        gateway.problem(SUBMIT, 422, """
                {"detail":"/mask: Belongs to 'images', of which there are none.","code":"validation-failed","retryable":false,
                 "errors":[{"pointer":"/mask","detail":"Belongs to 'images', of which there are none."}]}""");

        assertThat(draw(List.of("--mask=" + ID)).err())
                .contains("atelier: --mask: Belongs to --image, of which there are none. (");
    }

    @Test
    void namesThatTheUserTypedStayAsTheyAre() {
        gateway.problem(SUBMIT, 404, """
                {"detail":"There is no model 'images'.","code":"model-not-found","retryable":false,
                 "errors":[{"pointer":"/model","detail":"There is no model 'images'."}]}""");

        assertThat(draw(List.of("--model=images")).err()).contains("atelier: There is no model 'images'. (");
    }

    @Test
    void fileThatDoesNotExistIsSaidToBeMissing() {
        assertThat(draw(List.of("--image=nofile")).err())
                .contains(
                        "--image", "there is no file 'nofile'; use one of: a file that can be read", ", an https URL");
        assertThat(draw(List.of("--mask=" + folder)).err())
                .contains("--mask", "'" + folder + "' is a folder; use one of: a");
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void problemOfItsOwnKindKeepsItsSentence() {
        gateway.problem(SUBMIT, 404, """
                {"detail":"There is no model 'm'.","code":"model-not-found","retryable":false,
                 "errors":[{"pointer":"/model","detail":"There is no model 'm'."}]}""");

        assertThat(draw(List.of("--model=m")).err()).contains("atelier: There is no model 'm'. (model-not-found");
    }

    @Test
    void numbersAreReadExactly() {
        assertThat(draw(List.of("--seed", "abc")).err())
                .contains("Invalid value for option '--seed'", "'abc' is not a whole number, such as 20");
        assertThat(draw(List.of("--steps", "99999999999")).err())
                .contains("'99999999999' is out of range; use a whole number from -2147483648 to 2147483647");
        assertThat(draw(List.of("--guidance", "2.5f")).err()).contains("'2.5f' is not a number, such as 7.5");
        assertThat(draw(List.of("--guidance", "1e999")).err()).contains("'1e999' is not a number");
        assertThat(gateway.requests()).isEmpty();
    }

    private CommandRun draw(List<String> options) {
        return CommandRun.of(folder, Map.of("ATELIER_URL", gateway.url()), line(options));
    }

    private String[] line(List<String> options) {
        return Stream.of(List.of("draw", "a castle", "-o", folder + "/x.png"), options)
                .flatMap(List::stream)
                .toArray(String[]::new);
    }
}
