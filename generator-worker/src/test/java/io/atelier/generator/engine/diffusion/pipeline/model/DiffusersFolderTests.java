package io.atelier.generator.engine.diffusion.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.atelier.contract.job.Failure;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.TinyPipelines;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiffusersFolderTests {

    @TempDir
    Path temporary;

    @ParameterizedTest
    @CsvSource({
        "sd15, STABLE_DIFFUSION, 4, 16, 64, 50, 7.5, 0, true",
        "sdxl, STABLE_DIFFUSION_XL, 5, 16, 64, 50, 5, 0, true",
        "lcm, LATENT_CONSISTENCY, 3, 16, 64, 4, 8.5, 0, false",
        "sd3, STABLE_DIFFUSION_3, 6, 16, 128, 28, 7, 256, true",
        "flux, FLUX, 4, 16, 1024, 4, 0, 256, false",
        "flux-dev, FLUX, 4, 16, 1024, 28, 3.5, 512, false"
    })
    void aModelIsDescribedWithoutLoadingIt(
            String name,
            PipelineFamily family,
            int components,
            int multiple,
            int side,
            int steps,
            double guidance,
            int tokens,
            boolean imageToImage) {
        var model = describe(TinyPipelines.folder(name));

        assertThat(model.family()).isEqualTo(family);
        assertThat(model.components())
                .hasSize(components)
                .allSatisfy(component -> assertThat(component.dtype()).isEqualTo("float32"));
        assertThat(model.geometry().multiple()).isEqualTo(multiple);
        assertThat(model.defaults()).isEqualTo(new SamplingDefaults(side, side, steps, guidance, tokens));
        assertThat(model.imageToImage()).isEqualTo(imageToImage);
        assertThat(model.bytes())
                .isEqualTo(model.components().stream()
                        .flatMap(component -> component.files().stream())
                        .mapToLong(file -> TinyPipelines.folder(name)
                                .resolve(file)
                                .toFile()
                                .length())
                        .sum())
                .isPositive();
    }

    @DisplayName("A file whose space was only reserved is refused at its first zeros, and not read to its end")
    @Test
    void zerosAreNoModel() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        try (var file = new RandomAccessFile(folder.resolve("unet/model.onnx").toFile(), "rw")) {
            file.setLength(0);
            file.setLength(1L << 40);
        }

        assertThatUnusable(folder).withMessageContaining("unet/model.onnx is damaged or no ONNX file");
    }

    @DisplayName(
            "What is no file where a config is expected is not opened, since a pipe would never end; nor is a link to nothing a missing config")
    @Test
    void configThatIsNoFileIsRefused() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        var config = folder.resolve("unet/config.json");
        Files.delete(config);
        Files.createDirectory(config);
        assertThatUnusable(folder).withMessageContaining("unet/config.json is no file");

        Files.delete(config);
        Files.createSymbolicLink(config, Path.of("nowhere"));
        assertThatUnusable(folder).withMessageContaining("unet/config.json is missing");
    }

    @Test
    void trainingOfTooManyStepsIsRefusedBeforeItsNoiseIsComputed() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        replace(
                folder.resolve("scheduler/scheduler_config.json"),
                "\"num_train_timesteps\": 1000",
                "\"num_train_timesteps\": 2000000000");

        assertThatUnusable(folder).withMessageContaining("2 to 100000");
    }

    @Test
    void textThatIsNoNameOfAClassIsNotRepeated() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        Files.writeString(folder.resolve("model_index.json"), "{\"_class_name\": \"Stable\\nDiffusion\"}");

        assertThatUnusable(folder).withMessageContaining("has no name of a class in \"_class_name\"");
    }

    @Test
    void betaThatIsNoShareIsRefused() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        replace(folder.resolve("scheduler/scheduler_config.json"), "\"beta_end\": 0.012", "\"beta_end\": 1e300");

        assertThatUnusable(folder).withMessageContaining("beta_end 1.0E300");
    }

    @Test
    void namesOfOptimumAndOfOlderExportsAreKnown() {
        var model = describe(TinyPipelines.folder("lcm"));

        assertThat(model.className()).isEqualTo("ORTLatentConsistencyModelPipeline");
        assertThat(model.components())
                .extracting(PipelineDescription.Component::name, PipelineDescription.Component::className)
                .contains(tuple("unet", "ORTUnet"), tuple("vae_decoder", "ORTVaeDecoder"));
        assertThat(PipelineFamily.of("OnnxStableDiffusionPipeline")).contains(PipelineFamily.STABLE_DIFFUSION);
        assertThat(PipelineFamily.of("StableDiffusionXLImg2ImgPipeline")).contains(PipelineFamily.STABLE_DIFFUSION_XL);
        assertThat(PipelineFamily.of("StableDiffusionUpscalePipeline")).isEmpty();
    }

    @Test
    void aComponentThatIsNullIsLeftOut() {
        var folder = TinyPipelines.copyWithVariant("sd3", "no-t5", temporary);

        assertThat(describe(folder).components())
                .extracting(PipelineDescription.Component::name)
                .containsExactly("text_encoder", "text_encoder_2", "transformer", "vae_decoder", "vae_encoder");
    }

    @Test
    void trailingTimestepsShowADistilledModel() throws IOException {
        var folder = TinyPipelines.copy("sdxl", temporary);
        replace(folder.resolve("scheduler/scheduler_config.json"), "\"leading\"", "\"trailing\"");

        assertThat(describe(folder).defaults()).isEqualTo(new SamplingDefaults(64, 64, 4, 0, 0));
    }

    @Test
    void externalDataBesideTheModelCounts() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        writeModelWithExternalData(folder, "model.onnx_data");
        Files.write(folder.resolve("unet/model.onnx_data"), new byte[1_000]);

        var unet = describe(folder).components().get(1);

        assertThat(unet.files()).containsExactly(Path.of("unet/model.onnx"), Path.of("unet/model.onnx_data"));
        assertThat(unet.bytes()).isEqualTo(1_000 + Files.size(folder.resolve("unet/model.onnx")));
        assertThat(unet.dtype()).isEqualTo("float16");
        assertThat(unet.parameters()).isEqualTo(500);
    }

    @Test
    void missingExternalDataIsNamed() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        writeModelWithExternalData(folder, "weights.bin");

        assertThatUnusable(folder).withMessageContaining("unet/weights.bin is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../secret", "/etc/passwd", "sub/../../../secret"})
    void externalDataOutsideOfTheFolderIsRefused(String location) throws IOException {
        Files.write(temporary.resolve("secret"), new byte[1_000]);
        var folder = TinyPipelines.copy("sd15", temporary);
        writeModelWithExternalData(folder, location);

        assertThatUnusable(folder).withMessageContaining("names weights outside of its folder: " + location);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unet/model.onnx",
                "unet/config.json",
                "model_index.json",
                "scheduler/scheduler_config.json",
                "tokenizer/vocab.json"
            })
    void aLinkOutOfTheFolderIsRefused(String file) throws IOException {
        var folder = TinyPipelines.copy("sd15", Files.createDirectory(temporary.resolve("models")));
        var outside = temporary.resolve("outside");
        Files.move(folder.resolve(file), outside);
        Files.createSymbolicLink(folder.resolve(file), outside);

        assertThatUnusable(folder).withMessageContaining(file + " leads out of the models folder");
    }

    @Test
    void aTokenizerWithoutOneOfItsFilesIsRefused() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        Files.delete(folder.resolve("tokenizer/merges.txt"));

        assertThatUnusable(folder)
                .withMessageContaining("The tokenizer file tokenizer/merges.txt is missing")
                .withMessageNotContaining(temporary.toString());
    }

    @Test
    void aLinkedTokenizerFolderOutsideIsRefused() throws IOException {
        var folder = TinyPipelines.copy("sd15", Files.createDirectory(temporary.resolve("models")));
        Files.move(folder.resolve("tokenizer"), temporary.resolve("outside"));
        Files.createSymbolicLink(folder.resolve("tokenizer"), temporary.resolve("outside"));

        assertThatUnusable(folder).withMessageContaining("tokenizer leads out of the models folder");
    }

    @DisplayName(
            "A cache of the Hugging Face Hub inside the models folder can be used: its snapshots are links to files beside them")
    @Test
    void linksInsideTheModelsFolderAreFollowed() throws IOException {
        var cache = Files.createDirectories(temporary.resolve(".cache/models--org--sd15"));
        var snapshot = TinyPipelines.copy("sd15", Files.createDirectory(cache.resolve("snapshots")));
        var blobs = Files.createDirectory(cache.resolve("blobs"));
        try (var files = Files.walk(snapshot)) {
            int blob = 0;
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var target = Files.move(file, blobs.resolve("blob-" + blob++));
                Files.createSymbolicLink(file, target.toAbsolutePath());
            }
        }
        var model = Files.createSymbolicLink(temporary.resolve("sd15"), snapshot);

        var described = describe(model);

        assertThat(described).isEqualTo(describe(TinyPipelines.folder("sd15")));
        assertThat(DiffusersFolder.open(model).tokenizer("tokenizer")).isDirectory();
    }

    @DisplayName("External data that is shorter than the header says is a copy that is not complete")
    @Test
    void halfCopyIsRefused() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        writeModelWithExternalData(folder, "model.onnx_data", "offset", "64", "length", "1000");
        var weights = folder.resolve("unet/model.onnx_data");
        Files.write(weights, new byte[1_063]);

        assertThatUnusable(folder)
                .withMessageContaining("unet/model.onnx_data has 1063 bytes, and the model needs 1064 of it");

        Files.write(weights, new byte[1_064]);
        assertThat(describe(folder).components().get(1).bytes())
                .isEqualTo(1_064 + Files.size(folder.resolve("unet/model.onnx")));
    }

    @Test
    void placeOfExternalDataMustBeANumber() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        writeModelWithExternalData(folder, "model.onnx_data", "length", "many");
        Files.write(folder.resolve("unet/model.onnx_data"), new byte[8]);

        assertThatUnusable(folder).withMessageContaining("the length of external data is no number");
    }

    @Test
    void aModelFolderMayItselfBeALink() throws IOException {
        var link = Files.createSymbolicLink(temporary.resolve("current"), TinyPipelines.folder("sd15"));

        assertThat(describe(link).name()).isEqualTo("current");
    }

    @Test
    void pytorchWeightsAreToldHowToBeExported() throws IOException {
        var folder = TinyPipelines.copy("sdxl", temporary);
        Files.delete(folder.resolve("unet/model.onnx"));
        Files.createFile(folder.resolve("unet/diffusion_pytorch_model.safetensors"));

        assertThatUnusable(folder)
                .withMessageContaining("sdxl holds PyTorch weights (unet/diffusion_pytorch_model.safetensors)")
                .withMessageContaining("optimum-cli export onnx --model sdxl --task text-to-image sdxl-onnx");
    }

    @Test
    void aSingleCheckpointIsToldWhatToDo() throws IOException {
        Files.createFile(temporary.resolve("sd_xl_base_1.0.safetensors"));

        assertThatUnusable(temporary)
                .withMessageContaining("a checkpoint in a single file (sd_xl_base_1.0.safetensors)")
                .withMessageContaining("optimum-cli export onnx");
    }

    @Test
    void anotherFolderIsNoModel() {
        assertThatUnusable(temporary).withMessageContaining("has no model_index.json");
        assertThatUnusable(temporary.resolve("none")).withMessageContaining("There is no model folder none");
    }

    @Test
    void aMissingComponentIsNamed() throws IOException {
        var folder = TinyPipelines.copy("flux", temporary);
        Files.delete(folder.resolve("text_encoder_2/model.onnx"));

        assertThatUnusable(folder).withMessageContaining("text_encoder_2/model.onnx is missing");
    }

    @Test
    void anUnknownPipelineIsRefusedWithThoseThatAreSupported() throws IOException {
        var folder = TinyPipelines.copy("flux", temporary);
        replace(folder.resolve("model_index.json"), "FluxPipeline", "KandinskyPipeline");

        assertThatUnusable(folder)
                .withMessageContaining("KandinskyPipeline is not supported")
                .withMessageContaining("StableDiffusionXLPipeline");
    }

    @Test
    void aModelForInpaintingAloneIsRefused() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        replace(folder.resolve("unet/config.json"), "\"in_channels\": 4", "\"in_channels\": 9");

        assertThatUnusable(folder).withMessageContaining("unet/config.json has 9 input channels, 4 are supported");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 5_000})
    void aDamagedOnnxFileIsNamed(int length) throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        var weights = folder.resolve("unet/model.onnx");
        Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), length));

        assertThatUnusable(folder).withMessageContaining("unet/model.onnx is damaged or no ONNX file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model_index.json", "unet/config.json", "scheduler/scheduler_config.json"})
    void aDamagedConfigIsNamed(String file) throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        Files.writeString(folder.resolve(file), "{\"_class_name\": ");

        assertThatUnusable(folder).withMessageContaining(file + " is not valid JSON");
    }

    @Test
    void aMemberOfAnotherTypeIsNamed() throws IOException {
        var folder = TinyPipelines.copy("sd15", temporary);
        replace(folder.resolve("unet/config.json"), "\"sample_size\": 8", "\"sample_size\": \"eight\"");

        assertThatUnusable(folder)
                .withMessageContaining("\"sample_size\" in unet/config.json must be an integer; found \"eight\"");
    }

    private static PipelineDescription describe(Path folder) {
        return PipelineDescription.of(DiffusersFolder.open(folder));
    }

    private static ThrowableAssertAlternative<GenerationFailed> assertThatUnusable(Path folder) {
        return assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> describe(folder))
                .satisfies(e -> assertThat(e.failure().code()).isEqualTo(Failure.Code.NOT_CONFIGURED));
    }

    private static void replace(Path file, String old, String replacement) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, replacement));
    }

    /** A graph with 500 weights of float16 in another file: {@code ModelProto{graph{initializer{dims, data_type, external_data{key, value}}}}}. */
    private static void writeModelWithExternalData(Path folder, String location, String... further) throws IOException {
        var entries = external("location", location);
        for (int i = 0; i < further.length; i += 2) {
            entries = join(entries, external(further[i], further[i + 1]));
        }
        var tensor = message(5, join(new byte[] {0x08, 0x05, 0x08, 0x64, 0x10, 0x0A}, entries));
        Files.write(folder.resolve("unet/model.onnx"), message(7, tensor));
    }

    private static byte[] external(String key, String value) {
        return message(13, join(message(1, utf8(key)), message(2, utf8(value))));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A field with a length below 128. */
    private static byte[] message(int field, byte[] content) {
        return join(new byte[] {(byte) (field << 3 | 2), (byte) content.length}, content);
    }

    private static byte[] join(byte[] one, byte[] other) {
        var joined = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, joined, one.length, other.length);
        return joined;
    }
}
