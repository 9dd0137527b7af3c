package io.atelier.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.atelier.standalone.console.TerminalStreams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code models add DIR}, {@code inspect} and {@code remove}. */
class ModelFolderTests {

    @TempDir
    private Path folder;

    @Test
    void copiesAFolderWithoutChangingIt() throws IOException {
        var source = TinyModels.copy(TinyModels.SDXL, folder.resolve("my-sdxl"));
        Files.writeString(source.resolve("README.md"), "---\ntags: [x]\nlicense: mit\n---\n");
        var before = TinyModels.files(source);

        var run = run("models", "add", source.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("Added my-sdxl.");
        assertThat(TinyModels.files(source)).isEqualTo(before);
        assertThat(model("my-sdxl").resolve("atelier.json"))
                .content()
                .contains("\"license\" : \"mit\"", source.toString());
        assertThat(Files.getAttribute(model("my-sdxl").resolve("unet/model.onnx"), "unix:nlink"))
                .isEqualTo(1);
        assertThat(folder.resolve("models")).isDirectoryNotContaining("glob:**/.*");
    }

    @DisplayName("External data is copied if the network names it, whatever it is called")
    @Test
    void onlyExternalDataThatANetworkNamesIsCopied() throws IOException {
        var source = TinyModels.copy(TinyModels.SDXL, folder.resolve("my-sdxl"));
        var weights = TinyModels.withExternalData(source.resolve("vae_encoder/model.onnx"), "the.weights");
        Files.write(source.resolve("unet/model.onnx_data"), new byte[1_000]);

        var run = run("models", "add", source.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(model("my-sdxl").resolve("unet")).isDirectoryNotContaining("glob:**.onnx_data");
        assertThat(model("my-sdxl").resolve("vae_encoder/the.weights")).hasBinaryContent(weights);
    }

    @Test
    void linksAFolderIfAsked() throws IOException {
        var source = TinyModels.copy(TinyModels.FLUX, folder.resolve("my-flux"));

        assertThat(run("models", "add", source.toString(), "--link").exitCode()).isZero();

        assertThat(Files.getAttribute(model("my-flux").resolve("transformer/model.onnx"), "unix:nlink"))
                .isEqualTo(2);
        assertThat(run("models", "remove", "my-flux", "--yes").exitCode()).isZero();
        assertThat(source.resolve("transformer/model.onnx")).exists();
    }

    /** The cache of the hub's own client has such folders. */
    @Test
    void copiesWhatSymbolicLinksPointTo() throws IOException {
        var blobs = TinyModels.copy(TinyModels.SDXL, folder.resolve("blobs"));
        var snapshot = folder.resolve("snapshot");
        for (var path : TinyModels.files(blobs).keySet()) {
            Files.createDirectories(snapshot.resolve(path).getParent());
            Files.createSymbolicLink(snapshot.resolve(path), blobs.resolve(path));
        }

        var run = run("models", "add", snapshot.toString(), "--name", "linked");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(model("linked").resolve("unet/model.onnx"))
                .isRegularFile()
                .satisfies(file -> assertThat(Files.isSymbolicLink(file)).isFalse());
    }

    @ParameterizedTest
    @ValueSource(strings = {".hidden", "-x", "_x", "a/b", "..", "", "a b", "ä", "a\nb"})
    void badNamesAreRefused(String name) {
        var run = run("models", "add", TinyModels.FLUX.toString(), "--name=" + name);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("is not a name of a model: use 1 to 100 of A-Z a-z 0-9 . _ -, with a letter or digit at the"
                        + " beginning.");
        assertThat(folder.resolve("models")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "sdxl, The catalogue of Atelier has a model",
        "test-card, The catalogue of Atelier has a model",
        "dall-e-3, The catalogue of Atelier has a model",
        "auto, in a request stands for the standard model"
    })
    void namesForWhichRequestsGetAnotherModelAreRefused(String name, String reason) throws IOException {
        var source = TinyModels.copy(TinyModels.SD3, folder.resolve(name));

        for (var run : List.of(
                run("models", "add", source.toString()),
                run("models", "add", TinyModels.SD3.toString(), "--name", name))) {
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains(reason, "'" + name + "'", "such as --name my-" + name);
        }
        assertThat(folder.resolve("models")).doesNotExist();
        assertThat(run("models", "add", source.toString(), "--name", "my-" + name)
                        .exitCode())
                .isZero();
        assertThat(run("models", "add", source.toString()).err()).contains("such as --name my-my-" + name);
    }

    @DisplayName("Names of the operator's own catalogue are refused, whether a file or variables describe it")
    @Test
    void namesOfTheOperatorsOwnCatalogueAreRefused() throws IOException {
        var file = Files.writeString(folder.resolve("models.yml"), """
            io.atelier.catalogue:
              own:
                - id: lantern
                - id: my-lantern
              retirements:
                - {model: torch, shutdown: 2026-01-01, replaced-by: lantern}
            """);
        var settings = Map.of("ATELIER_CATALOGUE", "file:" + file);

        var own = add("lantern", settings);
        assertThat(own.exitCode()).isEqualTo(2);
        assertThat(own.err()).contains("Your own catalogue has a model 'lantern'", "such as --name my-my-lantern.");
        assertThat(add("torch", settings).err()).contains("has a model 'torch'");
        assertThat(add("sdxl", settings).err()).contains("The catalogue of Atelier has a model 'sdxl'");
        assertThat(add("beacon", Map.of("IO_ATELIER_CATALOGUE_OWN_0_ID", "beacon"))
                        .err())
                .contains("Your own catalogue has a model 'beacon'");
        assertThat(add("beacon", settings).exitCode()).isZero();
        assertThat(add("lantern", Map.of()).exitCode()).isZero();
    }

    @Test
    void catalogueThatCannotBeReadIsRefused() {
        var run = add("lantern", Map.of("ATELIER_CATALOGUE", "file:" + folder.resolve("absent.yml")));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("ATELIER_CATALOGUE is 'file:", "it must be a file that this process can read.");
    }

    private CommandRun add(String name, Map<String, String> settings) {
        return CommandRun.of(folder, settings, "models", "add", TinyModels.SD3.toString(), "--name", name);
    }

    @Test
    void folderWithPytorchWeightsIsRefusedWithTheCommandThatExportsIt() throws IOException {
        var source = TinyModels.copy(TinyModels.FLUX, folder.resolve("my flux"));
        Files.delete(source.resolve("transformer/model.onnx"));
        Files.writeString(source.resolve("transformer/diffusion_pytorch_model.safetensors"), "weights");

        var unnamed = run("models", "add", source.toString());
        var run = run("models", "add", source.toString(), "--name", "my-flux");

        assertThat(unnamed.err()).contains("'my flux' cannot be the name of the model. Choose one with --name");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "holds PyTorch weights",
                        "optimum-cli export onnx --model '" + source + "' --task text-to-image 'my flux-onnx'");
        assertThat(TinyModels.files(folder.resolve("models"))).isEmpty();
    }

    @Test
    void damagedFolderLeavesNothingBehind() throws IOException {
        var source = TinyModels.copy(TinyModels.FLUX, folder.resolve("damaged"));
        Files.writeString(source.resolve("transformer/model.onnx"), "no protobuf");

        var run = run("models", "add", source.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("transformer/model.onnx is damaged or no ONNX file");
        assertThat(TinyModels.files(folder.resolve("models"))).isEmpty();
    }

    @Test
    void impossibleConfigIsRefusedUnderTheNameThatTheUserGave() throws IOException {
        var source = TinyModels.copy(TinyModels.SDXL, folder.resolve("damaged"));
        Files.writeString(source.resolve("unet/config.json"), "{\"sample_size\": 0}");

        var run = run("models", "add", source.toString(), "--name", "mine");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("The sizes in the config.json of the networks of 'mine' are impossible.");
        assertThat(TinyModels.files(folder.resolve("models"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com/model.zip", "https://example.com/model.safetensors"})
    void singleFilesAreRefused(String address) {
        var run = run("models", "add", address);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("is a single file. Give the address of a model folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void emptySourceIsRefused(String source) {
        var run = run("models", "add", source, "--name", "tiny");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("The source of the model is empty. Give the folder of a model, its address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf:name", "hf:a/b/c", "hf:../x", "hf:", "https://huggingface.co/datasets/a/b"})
    void whatIsNoModelOfTheHubIsRefused(String source) {
        var run = run("models", "add", source);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("hf:ORG/NAME");
    }

    @Test
    void anotherCommandThatAddsTheModelIsNotDisturbed() throws IOException {
        var lock = Files.createDirectories(folder.resolve("models")).resolve(".lock-tiny");
        try (var other = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(other.lock().isValid()).isTrue();

            var run = run("models", "add", TinyModels.FLUX.toString(), "--name", "tiny");

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("Another command adds or deletes the model 'tiny' now");
        }
        assertThat(run("models", "add", TinyModels.FLUX.toString(), "--name", "tiny")
                        .exitCode())
                .isZero();
        assertThat(lock).doesNotExist();
    }

    @Test
    void settingNamesTheModelsFolder() {
        var elsewhere = folder.resolve("elsewhere");

        var run = CommandRun.of(
                folder, Map.of("ATELIER_MODELS", elsewhere.toString()), "models", "add", TinyModels.SD3.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(elsewhere.resolve("sd3/model_index.json")).exists();
    }

    @Test
    void inspectsAModelByNameAndAFolderByPath() {
        run("models", "add", TinyModels.SD3.toString());

        var byName = run("models", "inspect", "sd3");
        var byPath = run("models", "inspect", TinyModels.SD3.toString(), "--json");

        assertThat(byName.exitCode()).isZero();
        assertThat(byName.out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "Model: sd3",
                        "Pipeline: Stable Diffusion 3 (StableDiffusion3Pipeline)",
                        "License: unknown",
                        "Sizes: sides of 64 to 256 pixels, multiples of 16; their product as far as a worker has memory for it (max_pixels in /v1/models)",
                        "Source images: yes")
                .anyMatch(line -> line.matches("transformer SD3Transformer2DModel float32 0\\.\\d M \\d+ kB"));
        assertThat(byPath.json().path("family").asString()).isEqualTo("Stable Diffusion 3");
        assertThat(byPath.json()
                        .path("components")
                        .valueStream()
                        .map(part -> part.path("name").asString()))
                .contains("text_encoder_3", "transformer", "vae_decoder");
    }

    @Test
    void weightsOf16BitsNeedTwiceTheMemoryOfTheirFiles() throws IOException {
        var half = TinyModels.copy(TinyModels.SDXL, folder.resolve("half"));
        var unet = TinyModels.SDXL.resolve("variants/fp16/unet/model.onnx");
        Files.copy(unet, half.resolve("unet/model.onnx"), StandardCopyOption.REPLACE_EXISTING);

        double more = memoryBytes(half) - memoryBytes(TinyModels.SDXL);

        long wholeBytes = Files.size(TinyModels.SDXL.resolve("unet/model.onnx"));
        assertThat(more).isCloseTo(Files.size(unet) * 2.1 - wholeBytes * 1.1, offset(10.0));
    }

    private double memoryBytes(Path model) {
        return run("models", "inspect", model.toString(), "--json")
                .json()
                .path("memory_bytes")
                .asDouble();
    }

    @Test
    void removesAModelOnlyWithConsent() {
        run("models", "add", TinyModels.SD3.toString());

        var unanswered = run("models", "remove", "sd3");
        var refused = answering("n\n", "models", "remove", "sd3");
        assertThat(unanswered.exitCode()).isEqualTo(2);
        assertThat(unanswered.err()).contains("Delete " + model("sd3") + "?", "add --yes");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(model("sd3")).isDirectory();

        assertThat(answering("Yes\n", "models", "remove", "sd3").exitCode()).isZero();
        assertThat(folder.resolve("models")).isEmptyDirectory();
    }

    @Test
    void modelThatAnotherCommandChangesIsNotRemoved() throws IOException {
        run("models", "add", TinyModels.SD3.toString());
        var staging = Files.createDirectories(folder.resolve("models/.download-big"));
        for (var name : List.of("sd3", "big")) {
            var lock = folder.resolve("models/.lock-" + name);
            try (var other = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                assertThat(other.lock().isValid()).isTrue();

                var run = run("models", "remove", name, "--yes");

                assertThat(run.exitCode()).isEqualTo(2);
                assertThat(run.err()).contains("Another command adds or deletes the model '" + name + "' now");
            }
        }
        assertThat(model("sd3")).isDirectory();
        assertThat(staging).isDirectory();
        assertThat(run("models", "remove", "sd3", "--yes").exitCode()).isZero();
    }

    @DisplayName("What killed commands have left is deleted by the next one, but for a download that can go on")
    @ParameterizedTest
    @ValueSource(strings = {"add", "remove"})
    void leftOversOfKilledCommandsAreDeleted(String command) throws IOException {
        run("models", "add", TinyModels.SD3.toString());
        var models = folder.resolve("models");
        Files.createFile(models.resolve(".lock-killed"));
        Files.createDirectories(models.resolve(".removed-large/unet"));
        var staging = Files.createDirectories(models.resolve(".download-killed"));
        var held = models.resolve(".lock-busy");
        try (var other = FileChannel.open(held, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(other.lock().isValid()).isTrue();

            var run = command.equals("add")
                    ? run("models", "add", TinyModels.FLUX.toString(), "--name", "tiny")
                    : run("models", "remove", "sd3", "--yes");

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(held).exists();
        }
        assertThat(models).isDirectoryNotContaining("glob:**/.{lock-killed,removed}*");
        assertThat(staging).isDirectory();
        assertThat(run("models", "remove", "unknown", "--yes").err()).contains("Not complete: killed.");
    }

    @Test
    void downloadUnderTheNameOfAModelIsRemovedWithIt() throws IOException {
        run("models", "add", TinyModels.SD3.toString());
        Files.createDirectories(folder.resolve("models/.download-sd3"));

        assertThat(run("models", "remove", "sd3", "--yes").exitCode()).isZero();

        assertThat(folder.resolve("models")).isEmptyDirectory();
    }

    @Test
    void removesWhatHasArrivedOfADownload() throws IOException {
        var staging = Files.createDirectories(folder.resolve("models/.download-big"));
        Files.writeString(staging.resolve("model_index.json"), "{}");

        assertThat(run("models", "remove", "big", "--yes").exitCode()).isZero();

        assertThat(staging).doesNotExist();
    }

    @Test
    void removesNothingOutsideOfTheModelsFolder() throws IOException {
        var precious = Files.createDirectories(folder.resolve("precious"));
        Files.writeString(precious.resolve("file"), "x");
        Files.createDirectories(folder.resolve("models"));
        Files.createSymbolicLink(model("link"), precious);

        for (var name : List.of("../precious", "..", ".", precious.toString(), "")) {
            var run = run("models", "remove", "--yes", name);
            assertThat(run.exitCode()).as(name).isEqualTo(2);
        }
        assertThat(run("models", "remove", "--yes", "link").err()).contains("is a symbolic link");
        assertThat(run("models", "remove", "--yes", "absent").err()).contains("The model 'absent'", "does not exist");
        assertThat(precious.resolve("file")).exists();
    }

    @Test
    void linksInAModelAreDeletedAndNotFollowed() throws IOException {
        var precious = Files.createDirectories(folder.resolve("precious"));
        Files.writeString(precious.resolve("file"), "x");
        run("models", "add", TinyModels.SD3.toString());
        Files.createSymbolicLink(model("sd3").resolve("outside"), precious);

        assertThat(run("models", "remove", "--yes", "sd3").exitCode()).isZero();

        assertThat(precious.resolve("file")).exists();
        assertThat(model("sd3")).doesNotExist();
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(folder, Map.of(), arguments);
    }

    private CommandRun answering(String answer, String... arguments) {
        return CommandRun.of(
                Map.of("ATELIER_DATA", folder.toString()),
                List.of("/bin/false"),
                new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)),
                TerminalStreams.NONE,
                arguments);
    }

    private Path model(String name) {
        return folder.resolve("models").resolve(name);
    }
}
