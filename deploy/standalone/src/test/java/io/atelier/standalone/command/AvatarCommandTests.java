package io.atelier.standalone.command;

import static io.atelier.standalone.command.SampleJob.ID;
import static io.atelier.standalone.command.SampleJob.IMAGE;
import static io.atelier.standalone.command.SampleJob.STATUS;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class AvatarCommandTests {

    private static final String SUBMIT = "POST /v1/avatars";
    private static final String PERSON = """
        {"id":"42","firstname":"Adaline","lastname":"Miller","gender":"female","bio_facebook":"bakes bread","bio_instagram":"",
         "bio_x":"","bio_tiktok":""}\
        """;

    private final ScriptedGateway gateway = new ScriptedGateway();

    @TempDir
    private Path folder;

    private Path persona;

    @BeforeEach
    void writeAPersona() throws IOException {
        persona = Files.writeString(folder.resolve("persona.json"), PERSON);
    }

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    @Test
    void savesBaseGridAndImages() {
        gateway.on(SUBMIT, 202, job("queued", "accepted", 0))
                .on(STATUS, 200, job("running", "drawing-base", 0))
                .on(STATUS, 200, job("running", "drawing-grids", 0))
                .on(STATUS, 200, job("succeeded", "done", 1));
        offerImages(1);

        var run = avatar("-o", folder.resolve("new/ada").toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        var ada = folder.resolve("new/ada");
        assertThat(ada).isDirectoryContaining("glob:**.png");
        assertThat(ada.toFile().list())
                .containsExactlyInAnyOrder(
                        "base.png", "grid_0.png", "img_0.png", "img_1.png", "img_2.png", "img_3.png");
        assertThat(ada.resolve("base.png")).hasContent("base");
        assertThat(ada.resolve("grid_0.png")).hasContent("grid-0");
        assertThat(ada.resolve("img_2.png")).hasContent("2");
        assertThat(run.out()).contains("Saved " + ada.resolve("base.png") + " (512 x 512", "Job " + ID);
        assertThat(run.err()).contains("running, drawing base", "running, drawing grids");
    }

    @Test
    void eightImagesHaveTwoGrids() {
        gateway.on(SUBMIT, 200, job("succeeded", "done", 2));
        offerImages(2);

        var run = avatar("-o", folder.resolve("ada").toString(), "--images", "8", "--json");

        assertThat(folder.resolve("ada").toFile().list()).hasSize(1 + 2 + 8);
        assertThat(folder.resolve("ada/grid_1.png")).hasContent("grid-1");
        assertThat(folder.resolve("ada/img_7.png")).hasContent("7");
        assertThat(run.json().path("files")).hasSize(11);
        assertThat(run.json().path("id").asString()).isEqualTo(ID);
    }

    @Test
    void repetitionsHaveOneIdempotencyKeyAndInvocationsTheirOwn() {
        var problem = "{\"detail\":\"Kafka is away.\",\"code\":\"broker-unavailable\",\"retryable\":true}";
        gateway.problem(SUBMIT, 503, problem)
                .problem(SUBMIT, 503, problem)
                .on(SUBMIT, 200, job("succeeded", "done", 1));
        offerImages(1);

        var first = avatar("-o", folder.toString());
        var second = avatar("-o", folder.toString());

        assertThat(List.of(first.exitCode(), second.exitCode())).containsOnly(0);
        var keys = gateway.idempotencyKeys();
        assertThat(gateway.requests()).filteredOn(SUBMIT::equals).hasSameSizeAs(keys);
        assertThat(keys).hasSize(4);
        assertThat(keys.subList(0, 3)).containsOnly(keys.get(0));
        assertThat(keys.get(3)).isNotEqualTo(keys.get(0));
    }

    @Test
    void imagesComeFromTheGatewayAlsoIfTheirUrlIsElsewhere() {
        gateway.on(
                SUBMIT,
                200,
                job("succeeded", "done", 1)
                        .replace("/v1/generations/" + ID + "/images/0", "https://unreachable.invalid/img_0.png"));
        offerImages(1);

        var run = avatar("-o", folder.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(folder.resolve("img_0.png")).hasContent("0");
    }

    @Test
    void sendsThePersonAndTheGivenOptionsOnly() throws IOException {
        var prompt = Files.writeString(folder.resolve("prompt.txt"), "four views\n");
        var face = Files.writeString(folder.resolve("face.png"), "the bytes of a face");
        gateway.on("POST /v1/files", 201, "{\"id\": \"file_uploaded\"}").on(SUBMIT, 200, job("succeeded", "done", 1));
        offerImages(1);

        avatar("-o", folder.toString());
        avatar(
                "-o",
                folder.toString(),
                "--images",
                "12",
                "--model",
                "gpt-image-2",
                "--distinct-prompts",
                "--prompt",
                prompt.toString(),
                "--base",
                ID,
                "--face",
                face.toString());

        var bodies =
                gateway.bodies().stream().filter(body -> body.startsWith("{")).toList();
        assertThat(new JsonMapper().readTree(bodies.get(0)))
                .isEqualTo(new JsonMapper().readTree("{\"persona\":" + PERSON + "}"));
        assertThat(new JsonMapper().readTree(bodies.get(1)))
                .isEqualTo(new JsonMapper().readTree("""
                    {"persona":%s,"images":12,"model":"gpt-image-2","distinct_prompts":true,"prompt":"four views",
                     "base":{"generation":{"id":"%s"}},"face":{"file_id":"file_uploaded"}}\
                    """.formatted(PERSON, ID)));
        assertThat(gateway.bodies()).anyMatch(body -> body.contains("the bytes of a face"));
    }

    @Test
    void imageOfAJobCanBeTheBase() {
        gateway.on(SUBMIT, 200, job("succeeded", "done", 1));
        offerImages(1);

        avatar("-o", folder.toString(), "--base", ID + ":2");

        assertThat(new JsonMapper()
                        .readTree(gateway.bodies().get(0))
                        .at("/base/generation/index")
                        .asInt(-1))
                .isEqualTo(2);
    }

    @Test
    void readsThePersonFromStandardInput() {
        gateway.on(SUBMIT, 200, job("succeeded", "done", 1));
        offerImages(1);

        var run = CommandRun.of(
                Map.of("ATELIER_DATA", folder.resolve("data").toString(), "ATELIER_URL", gateway.url()),
                List.of("/bin/false"),
                new ByteArrayInputStream(PERSON.getBytes(StandardCharsets.UTF_8)),
                TerminalStreams.NONE,
                "avatar",
                "-",
                "-o",
                folder.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(gateway.bodies().get(0)).contains("Adaline");
    }

    @Test
    void neverPrintsThePerson() throws IOException {
        gateway.on(SUBMIT, 202, job("queued", "accepted", 0)).on(STATUS, 200, job("succeeded", "done", 1));
        offerImages(1);
        var broken = Files.writeString(folder.resolve("broken.json"), PERSON.replace("\"gender\"", "gender"));
        var array = Files.writeString(folder.resolve("array.json"), "[" + PERSON + "]");

        var texts = new ArrayList<String>();
        for (var run : List.of(
                avatar("-o", folder.toString()),
                avatar("-o", folder.toString(), "--json"),
                run("avatar", broken.toString(), "-o", folder.toString()),
                run("avatar", array.toString(), "-o", folder.toString()))) {
            texts.add(run.out() + run.err());
        }

        assertThat(texts).noneMatch(text -> text.contains("Adaline") || text.contains("bread"));
        assertThat(texts.get(2)).contains(broken + " is not JSON: see line 1, column ");
        assertThat(texts.get(3)).contains(array + " is not a JSON object");
    }

    @Test
    void namesAMissingFileAndAFileInPlaceOfTheFolder() {
        var missing = run("avatar", folder.resolve("nobody.json").toString(), "-o", folder.toString());
        var inPlace = avatar("-o", persona.toString());

        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("nobody.json cannot be read:");
        assertThat(inPlace.exitCode()).isEqualTo(5);
        assertThat(inPlace.err()).contains(persona + " is a file; choose a folder");
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void refusalsNameTheOptionOrTheMemberOfThePerson() {
        gateway.problem(SUBMIT, 422, """
            {"detail":"3 errors. The first: /images: Must be 4, 8, 12, 16, or 20.","code":"validation-failed","retryable":false,
             "errors":[{"pointer":"/images","detail":"Must be 4, 8, 12, 16, or 20."},
              {"pointer":"/persona/bio_x","detail":"Is required."},{"pointer":"/base/generation/id","detail":"Is unknown."}]}\
            """);

        var run = avatar("-o", folder.toString(), "--images", "6", "--base", ID);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("The first: --images: Must be 4, 8, 12, 16, or 20.")
                .contains("\n  /persona/bio_x: Is required.", "\n  --base: Is unknown.");
    }

    @Test
    void optionsInASentenceAreNamedAsTyped() {
        gateway.problem(SUBMIT, 422, """
            {"detail":"/face: Belongs to a base image that is made, and 'base' gives one.","code":"validation-failed","retryable":false,
             "errors":[{"pointer":"/face","detail":"Belongs to a base image that is made, and 'base' gives one."}]}\
            """);

        assertThat(avatar("-o", folder.toString(), "--base", ID, "--face", ID).err())
                .contains("atelier: --face: Belongs to a base image that is made, and --base gives one.");
    }

    @Test
    void imageThatCannotBeTheBaseIsRefusedBeforeTheRequest() {
        var missing = avatar("--base", "nofile");
        var address = avatar("--face", "https://example.org/a.png");
        var prompt = avatar("--prompt", folder.resolve("nobody.txt").toString());

        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err())
                .contains("--base", "there is no file 'nofile'; use one of: a file that can be read")
                .doesNotContain("URL");
        assertThat(address.err())
                .contains(
                        "--face",
                        "'https://example.org/a.png' is a URL, which this option does not take; use one of: a file")
                .contains("(gen_...:2), the id of an uploaded file");
        assertThat(prompt.err()).contains("--prompt " + folder.resolve("nobody.txt") + " cannot be read:");
        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void failedJobEndsWithOneAndItsReason() {
        gateway.on(
                SUBMIT,
                200,
                job("failed", "done", 0)
                        .replace(
                                "\"error\":null",
                                "\"error\":{\"code\":\"moderation-blocked\",\"message\":\"Content policy"
                                        + " violation\"}"));

        var run = avatar("-o", folder.resolve("ada").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("Job " + ID + " failed: Content policy violation (moderation-blocked)");
        assertThat(folder.resolve("ada").toFile().list()).isEmpty();
    }

    private void offerImages(int grids) {
        gateway.on(IMAGE + "base", 200, "base");
        for (int g = 0; g < grids; g++) {
            gateway.on(IMAGE + gridName(g), 200, "grid-" + g);
        }
        for (int i = 0; i < 4 * grids; i++) {
            gateway.on(IMAGE + i, 200, Integer.toString(i));
        }
    }

    private static String gridName(int number) {
        return number == 0 ? "grid" : "grid-" + number;
    }

    private static String job(String status, String stage, int grids) {
        var images = new ArrayList<String>();
        var originals = new ArrayList<String>();
        for (int i = 0; i < 4 * grids; i++) {
            images.add(SampleJob.image(i));
        }
        for (int g = 0; g < grids; g++) {
            originals.add(SampleJob.image(g).replace("/images/" + g, "/images/" + gridName(g)));
        }
        return """
            {"id":"%s","status":"%s","terminal":%s,"stage":"%s","model":"gpt-image-1.5","images":[%s],"error":null,
             "grid":{"rows":2,"cols":2,"originals":[%s]}%s}\
            """.formatted(
                        ID,
                        status,
                        !List.of("queued", "running").contains(status),
                        stage,
                        String.join(",", images),
                        String.join(",", originals),
                        grids == 0 ? "" : ",\"base\":" + SampleJob.image(0).replace("/images/0", "/images/base"));
    }

    private CommandRun avatar(String... options) {
        var line = new ArrayList<>(List.of("avatar", persona.toString()));
        line.addAll(List.of(options));
        return run(line.toArray(String[]::new));
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(folder.resolve("data"), Map.of("ATELIER_URL", gateway.url()), arguments);
    }
}
