package io.atelier.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.digest.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** {@code models add} with a model of the Hugging Face Hub. */
class ModelDownloadTests {

    private static final String UNET = "unet/model.onnx";

    private FakeHub hub;

    @TempDir
    private Path folder;

    @BeforeEach
    void startHub() throws IOException {
        hub = new FakeHub(TinyModels.SDXL);
        hub.card("license", "openrail++");
    }

    @AfterEach
    void stopHub() {
        hub.close();
    }

    @Test
    void addsWhatThePipelineNeedsAndNothingElse() throws IOException {
        hub.put("README.md", text("---\nlicense: openrail++\n---\n# Tiny"))
                .put("unet/diffusion_pytorch_model.safetensors", text("weights"))
                .put("unet/model_fp16.onnx", text("weights"))
                .put("unet/model_fp16.onnx_data", text("weights"))
                .put("unet/openvino_model.bin", text("weights"))
                .put("unet/model.onnx_data", text("external"))
                .put("vae/config.json", text("{}"))
                .put("safety_checker/model.onnx", text("weights"))
                .put("sd_xl_base_1.0.safetensors", text("weights"));

        var run = add("hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("tiny-sdxl: Stable Diffusion XL, 22 files", "license: openrail++");
        assertThat(TinyModels.files(model("tiny-sdxl")).keySet())
                .contains("README.md", "atelier.json", UNET, "tokenizer_2/merges.txt")
                .doesNotContain("unet/model.onnx_data")
                .noneMatch(path -> path.endsWith("safetensors") || path.contains("fp16") || path.contains("openvino"))
                .noneMatch(path -> path.startsWith("safety_checker") || path.startsWith("vae/") || path.endsWith("png"))
                .noneMatch(path -> path.contains("/.") || path.startsWith("."));
        assertThat(model("tiny-sdxl").resolve(UNET)).hasSameBinaryContentAs(TinyModels.SDXL.resolve(UNET));
        assertThat(note("tiny-sdxl"))
                .containsEntry("license", "openrail++")
                .containsEntry("source", "hf:" + FakeHub.REPOSITORY + "@" + FakeHub.COMMIT)
                .containsKey("added_at");
        assertThat(models()).containsExactly("tiny-sdxl");
    }

    @DisplayName("External data is downloaded if the network names it")
    @Test
    void externalDataThatANetworkNamesIsDownloaded() throws IOException {
        var network = Files.createDirectories(folder.resolve("exported")).resolve("model.onnx");
        var weights = TinyModels.withExternalData(network, "model.onnx_data");
        hub.put("vae_encoder/model.onnx", Files.readAllBytes(network))
                .put("vae_encoder/model.onnx_data", weights)
                .put("vae_encoder/weights.pb", new byte[1_000]);

        var run = add("hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(model("tiny-sdxl").resolve("vae_encoder/model.onnx_data")).hasBinaryContent(weights);
        assertThat(hub.requests()).noneMatch(request -> request.endsWith("weights.pb"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf:artist/tiny-sdxl",
                "hf:artist/tiny-sdxl@v1.0",
                "hf://artist/tiny-sdxl",
                "https://huggingface.co/artist/tiny-sdxl",
                "https://hf.co/artist/tiny-sdxl/tree/v1.0",
                "HUB/artist/tiny-sdxl/"
            })
    void pageOfTheHubIsTheSameAsItsShortName(String source) {
        assertThat(add(source.replace("HUB", hub.url())).exitCode()).isZero();

        assertThat(models()).containsExactly("tiny-sdxl");
        assertThat(hub.requests().get(0))
                .isEqualTo("/api/models/artist/tiny-sdxl/revision/" + (source.contains("v1.0") ? "v1.0" : "main"));
    }

    @Test
    void tokenGoesToTheHubOnly() {
        var run = run(Map.of("HF_TOKEN", "hf_secret"), "hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).isZero();
        assertThat(hub.requests()).anyMatch(request -> request.startsWith("store "));
        assertThat(hub.authorizations()).isNotEmpty().containsOnly("hub Bearer hf_secret");
        assertThat(run.out() + run.err()).doesNotContain("hf_secret");
    }

    @Test
    void brokenConnectionGoesOnWhereItBroke() throws IOException {
        hub.cut("/unet/model.onnx", 1_000);

        var run = add("hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).containsPattern("unet/model.onnx: .*; trying again in 1 s\\.");
        assertThat(hub.ranges()).containsExactly("bytes=1000-");
        assertThat(contents(model("tiny-sdxl"))).isEqualTo(contents(TinyModels.SDXL));
    }

    @Test
    void brokenDescriptionIsReadAgain() {
        hub.cut("/api/.*", 100);

        var run = add("hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).containsPattern("http://127.0.0.1:\\d+/api/models/.*: .*; trying again in 1 s\\.");
    }

    @Test
    void stoppedDownloadGoesOnWithTheSameCommand() throws IOException {
        assertThat(add("hf:artist/tiny-sdxl", "--name", "whole").exitCode()).isZero();
        var staging = folder.resolve("models/.download-half");
        TinyModels.copy(model("whole"), staging);
        Files.writeString(staging.resolve(".origin"), "hf:" + FakeHub.REPOSITORY + "@" + FakeHub.COMMIT);
        var unet = Files.readAllBytes(staging.resolve(UNET));
        Files.delete(staging.resolve(UNET));
        Files.write(staging.resolve(UNET + ".part"), Arrays.copyOf(unet, 5_000));
        Files.writeString(staging.resolve(UNET + ".part.etag"), "\"v1\"");
        hub.requests().clear();

        var run = add("hf:artist/tiny-sdxl", "--name", "half");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(hub.ranges()).containsExactly("bytes=5000-");
        assertThat(hub.requests())
                .filteredOn(request -> request.startsWith("store "))
                .containsExactly("store " + UNET);
        assertThat(contents(model("half"))).isEqualTo(contents(model("whole")));
    }

    @Test
    void fileThatChangedSinceItWasStoppedIsDownloadedWhole() throws IOException {
        var staging = folder.resolve("models/.download-tiny-sdxl");
        Files.createDirectories(staging.resolve("unet"));
        Files.writeString(staging.resolve(".origin"), "hf:" + FakeHub.REPOSITORY + "@" + FakeHub.COMMIT);
        Files.writeString(staging.resolve(UNET + ".part"), "the beginning of another version");
        Files.writeString(staging.resolve(UNET + ".part.etag"), "\"v0\"");

        assertThat(add("hf:artist/tiny-sdxl").exitCode()).isZero();

        assertThat(hub.ranges()).containsExactly("bytes=32-");
        assertThat(model("tiny-sdxl").resolve(UNET)).hasSameBinaryContentAs(TinyModels.SDXL.resolve(UNET));
    }

    @Test
    void filesOfAnotherSourceAreNotUsed() throws IOException {
        var staging = folder.resolve("models/.download-tiny-sdxl");
        Files.createDirectories(staging.resolve("unet"));
        Files.writeString(staging.resolve(".origin"), "hf:another/model@0000");
        Files.writeString(staging.resolve("unet/other.onnx_data"), "other");

        assertThat(add("hf:artist/tiny-sdxl").exitCode()).isZero();

        assertThat(model("tiny-sdxl").resolve("unet/other.onnx_data")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {UNET, "tokenizer/merges.txt"})
    void damagedFileIsDeletedAndNamed(String path) throws IOException {
        hub.damage(path);

        var run = add("hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains(path + " arrived damaged: its checksum is ", "The file was deleted");
        assertThat(TinyModels.files(folder.resolve("models/.download-tiny-sdxl"))
                        .keySet())
                .isNotEmpty()
                .noneMatch(file -> file.startsWith(path));
        assertThat(models()).isEmpty();

        hub.damage("");
        assertThat(add("hf:artist/tiny-sdxl").exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "unet/../../x.onnx", "/etc/passwd", "unet//x", "unet\\..\\..\\x", "unet/./x"})
    void listWithAPathThatLeadsOutIsRefused(String path) {
        hub.put(path, text("x"));

        var run = add("hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("which is not a path inside the model");
        assertThat(models()).isEmpty();
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        401 | GatedRepo        | Access to model artist/tiny-sdxl is restricted.  |     | do so on HUB/artist/tiny-sdxl, create a token at HUB/settings/tokens, and set HF_TOKEN
        403 | GatedRepo        | Access to model artist/tiny-sdxl is restricted.  | hf_ | have not given access to the account of HF_TOKEN
        401 |                  | Invalid credentials in Authorization header      | hf_ | The hub does not accept the token in HF_TOKEN
        403 |                  | Access to this resource is disabled.             |     | The hub has disabled hf:artist/tiny-sdxl
        404 | EntryNotFound    | Entry not found                                  |     | A file of hf:artist/tiny-sdxl is missing
        403 |                  | This token lacks a scope.                        | hf_ | The hub refuses hf:artist/tiny-sdxl: This token lacks a scope.
        """)
    void refusalOfAFileSaysWhatToDo(int status, String code, String message, String token, String expected) {
        hub.refuseFiles(status, code == null ? "" : code, message);

        var run = run(token == null ? Map.of() : Map.of("HF_TOKEN", token), "hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(expected.replace("HUB", hub.url()));
    }

    @Test
    void modelThatDoesNotExistOrIsPrivate() {
        assertThat(add("hf:artist/unknown").err())
                .contains("There is no model artist/unknown at " + hub.url() + ", or it is private", "set HF_TOKEN");
        assertThat(add("hf:artist/tiny-sdxl@nowhere").err())
                .contains("The model artist/tiny-sdxl has no revision 'nowhere'");
        assertThat(hub.requests()).hasSize(2);
    }

    @Test
    void overloadedHubIsAskedAgain() {
        hub.refuseDescriptionOnce(503, "", "overloaded");

        var run = add("hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains(": it answered with HTTP 503; trying again in 1 s.");
        assertThat(hub.requests())
                .filteredOn(request -> request.startsWith("/api/"))
                .hasSize(2);
    }

    @Test
    void modelWithPytorchWeightsOnlyIsRefusedWithTheCommandThatExportsIt() {
        for (var component : List.of("unet", "text_encoder", "text_encoder_2", "vae_decoder", "vae_encoder")) {
            hub.remove(component + "/model.onnx");
        }
        hub.put("unet/diffusion_pytorch_model.safetensors", text("weights"));

        var run = add("hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("optimum-cli export onnx --model artist/tiny-sdxl --task text-to-image tiny-sdxl-onnx")
                .contains("./atelier models add tiny-sdxl-onnx");
        assertThat(hub.requests()).noneMatch(request -> request.startsWith("store "));
        assertThat(models()).isEmpty();
    }

    @Test
    void pipelineOfAnotherKindIsRefusedBeforeItIsDownloaded() {
        hub.put("model_index.json", text("{\"_class_name\": \"AudioLDMPipeline\"}"));

        var run = add("hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("The pipeline AudioLDMPipeline is not supported", "FluxPipeline");
        assertThat(hub.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vae_decoder/config.json",
                "text_encoder_2/config.json",
                "scheduler/scheduler_config.json",
                "tokenizer/vocab.json"
            })
    void damagedDescriptionIsRefusedBeforeTheWeightsAreDownloaded(String file) {
        hub.put(file, text("{"));

        var run = add("hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(file.substring(file.indexOf('/') + 1));
        assertThat(hub.requests()).noneMatch(request -> request.endsWith(".onnx"));
    }

    @Test
    void tooLargeModelIsRefusedBeforeItIsDownloaded() {
        hub.announce("unet/model.onnx_data", 40_000_000_000_000_000L);

        var memory = add("hf:artist/tiny-sdxl");
        var disk = add("hf:artist/tiny-sdxl", "--force");

        assertThat(memory.exitCode()).isEqualTo(2);
        assertThat(memory.err())
                .contains("40 PB, license: openrail++")
                .contains("The model needs about 44 PB of memory, and this machine has ", "--force");
        assertThat(disk.exitCode()).isEqualTo(5);
        assertThat(disk.err()).contains("The files need 40 PB on the disk of " + folder, "are free there");
        assertThat(hub.requests()).noneMatch(request -> request.startsWith("store "));
    }

    @Test
    void licenseWithoutAnIdIsNamed() throws IOException {
        hub.card("license", "other").card("license_name", "tiny-community");

        add("hf:artist/tiny-sdxl");

        assertThat(note("tiny-sdxl")).containsEntry("license", "tiny-community");
    }

    @Test
    void resultForScripts() {
        var added = add("hf:artist/tiny-sdxl", "--json");

        assertThat(added.json().path("name").asString()).isEqualTo("tiny-sdxl");
        assertThat(added.json().path("license").asString()).isEqualTo("openrail++");
        assertThat(added.json().path("width").asInt()).isEqualTo(64);
        assertThat(added.json().path("components")).hasSize(5);

        var failed = add("hf:artist/tiny-sdxl", "--json");
        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.json().at("/error/message").asString()).contains("There is a model 'tiny-sdxl' already");
    }

    @Test
    void hubThatCannotBeReachedIsNamed() {
        var run = CommandRun.of(folder, Map.of("HF_ENDPOINT", "not a hub"), "models", "add", "hf:artist/tiny-sdxl");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("HF_ENDPOINT is 'not a hub'");
    }

    private CommandRun add(String... arguments) {
        return run(Map.of(), arguments);
    }

    private CommandRun run(Map<String, String> settings, String... arguments) {
        var environment = new LinkedHashMap<>(settings);
        environment.put("HF_ENDPOINT", hub.url());
        var line = new ArrayList<>(List.of("models", "add"));
        line.addAll(List.of(arguments));
        return CommandRun.of(folder, environment, line.toArray(String[]::new));
    }

    private Path model(String name) {
        return folder.resolve("models").resolve(name);
    }

    private List<String> models() {
        var names = folder.resolve("models").toFile().list((models, name) -> !name.startsWith("."));
        return names == null ? List.of() : List.of(names);
    }

    private Map<String, String> note(String name) throws IOException {
        var note = new LinkedHashMap<String, String>();
        new JsonMapper()
                .readTree(Files.readString(model(name).resolve("atelier.json")))
                .properties()
                .forEach(member -> note.put(member.getKey(), member.getValue().asString()));
        return note;
    }

    /** What a pipeline is made of, without notes and what the fixtures have beside it. */
    private static Map<String, String> contents(Path model) throws IOException {
        var contents = new LinkedHashMap<String, String>();
        for (var path : TinyModels.files(model).keySet()) {
            if (path.contains("/") && !path.startsWith("variants/")) {
                contents.put(
                        path, Sha256.of(Files.readAllBytes(model.resolve(path))).hex());
            }
        }
        return contents;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
