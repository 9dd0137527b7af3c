package io.atelier.generator.engine.diffusion;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.ImageOptions;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.generator.engine.diffusion.pipeline.PocketModel;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.MemoryEstimate;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import io.atelier.generator.engine.onnx.SessionFactory;
import io.atelier.worker.cancellation.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiffusionEngineTests {

    /** Some tiny models have the default size of the large ones, which takes seconds. */
    private static final int LARGEST_SIDE = 128;

    @TempDir
    private Path folder;

    private final TinyModels models = new TinyModels();

    @ParameterizedTest
    @ValueSource(strings = {"sd15", "sdxl", "lcm", "sd3", "flux", "flux-dev"})
    void eachFamilyGenerates(String model) {
        try (var engine = models.engine(model)) {
            var announced = engine.announcement().orElseThrow();
            var request = TinyModels.request(model, "a red car", 3)
                    .size(new ImageSize(
                            Math.min(announced.width(), LARGEST_SIDE), Math.min(announced.height(), LARGEST_SIDE)))
                    .steps(2)
                    .build();

            assertThat(engine.generate(request, run())).singleElement().satisfies(image -> {
                assertThat(image.pixels().width()).isEqualTo(request.size().width());
                assertThat(image.metadata()).containsKey(GeneratedImage.SAMPLER);
            });
            assertThat(engine.announcement().orElseThrow().loaded()).isTrue();
        }
        assertThat(models.engine(model).announcement().orElseThrow().loaded()).isFalse();
    }

    @Test
    void loadIsReportedByTheModelAndTheRun() {
        var reported = new ArrayList<String>();
        var slow = new CountDownLatch(1);
        var cpu = SessionFactory.cpu(1);
        var models = new TinyModels(file -> {
            if (file.endsWith("vae_decoder/model.onnx")) {
                await(slow);
            }
            return cpu.load(file);
        });
        var engine = models.engine("sd15");
        var listener = new GenerationRun.ProgressListener() {
            @Override
            public void at(String phase, int step, int steps) {}

            @Override
            public void loading(int percent, @Nullable Long etaSeconds) {
                var announced = engine.announcement().orElseThrow().loading();
                if (announced != null && announced.progress() > 0.1 && announced.etaSeconds() != null) {
                    reported.add("loading");
                    slow.countDown();
                }
            }
        };

        var request = TinyModels.request("sd15", "a cat", 1).steps(1).build();
        engine.generate(request, new GenerationRun("a-job", 1, listener, new Cancellation()));

        assertThat(reported).isNotEmpty();
        assertThat(engine.announcement().orElseThrow().loading()).isNull();
        assertThat(engine.announcement().orElseThrow().loaded()).isTrue();
        engine.close();
    }

    @DisplayName("What requests can set differs between the families")
    @ParameterizedTest
    @CsvSource({
        "sd15,     true, true, true",
        "sdxl,     true, true, true",
        "lcm,      true, false, false",
        "sd3,      true, true, true",
        "flux,     false, false, false",
        "flux-dev, true, false, false"
    })
    void familiesDiffer(String model, boolean guidance, boolean negative, boolean edits) {
        var engine = models.engine(model);
        var announced = engine.announcement().orElseThrow();

        assertThat(engine.capabilities().contains(Capability.GUIDANCE)).isEqualTo(guidance);
        assertThat(announced.guidance() != null).isEqualTo(guidance);
        assertThat(engine.capabilities().contains(Capability.NEGATIVE_PROMPT)).isEqualTo(negative);
        assertThat(announced.negativePrompt()).isEqualTo(negative);
        assertThat(engine.capabilities().contains(Capability.EDIT)).isEqualTo(edits);
        assertThat(announced.edits()).isEqualTo(edits);
        assertThat(announced.schedulers().isEmpty()).isEqualTo(model.startsWith("flux") || model.equals("sd3"));
    }

    @Test
    void endOfALongPromptIsQuotedInAWarning() {
        try (var engine = models.engine("sd15")) {
            var request = TinyModels.request("sd15", "a cat and ".repeat(28) + "the very last dog", 1)
                    .steps(1)
                    .build();

            assertThat(engine.generate(request, run()).get(0).metadata().get(GeneratedImage.WARNING))
                    .contains("the very last dog");
        }
    }

    @Test
    void endOfALongPersonalPromptIsNotQuoted() {
        try (var engine = models.engine("sd15")) {
            var request = TinyModels.request("sd15", "a cat and ".repeat(28) + "the very last dog", 1)
                    .steps(1)
                    .avatar(AvatarSpec.builder(List.of(AvatarStep.BASE), 1).build())
                    .build();

            assertThat(engine.generate(request, run()).get(0).metadata())
                    .containsEntry(
                            GeneratedImage.WARNING,
                            "A text encoder of this model reads 77 tokens; it ignored the end of the prompt.");
        }
    }

    @Test
    void anotherSchedulerGivesAnotherImage() {
        try (var engine = models.engine("sdxl")) {
            var own = engine.generate(withScheduler(null), run()).get(0);
            var other = engine.generate(withScheduler("dpmpp-2m-karras"), run()).get(0);

            assertThat(other.metadata()).containsEntry(GeneratedImage.SAMPLER, "dpmpp-2m");
            assertThat(pixels(other)).isNotEqualTo(pixels(own));
            assertThatExceptionOfType(GenerationFailed.class)
                    .isThrownBy(() -> engine.generate(withScheduler("flow-match-euler"), run()))
                    .satisfies(failed -> assertThat(failed.failure().message())
                            .contains("no scheduler 'flow-match-euler'")
                            .contains("dpmpp-2m-karras"));
        }
    }

    @DisplayName("A model folder that cannot be used is an engine that says why, and fails its jobs")
    @ParameterizedTest
    @CsvSource({
        "unet/model.onnx,           '',          unet/model.onnx",
        "model_index.json,          '{',         model_index.json",
        "vae_decoder/config.json,   'no json',   vae_decoder/config.json",
        "unet/config.json,          '{\"sample_size\": -1}', impossible",
        "unet/config.json,          '{\"sample_size\": 0}', impossible",
        "text_encoder/config.json,  '[]',        text_encoder/config.json",
        "scheduler/scheduler_config.json, '{}',  scheduler_config.json",
        "tokenizer/vocab.json,      '{',         tokenizer/vocab.json",
        "tokenizer/tokenizer_config.json, '{',   tokenizer/tokenizer_config.json"
    })
    void unusableFolderSaysWhy(String file, String content, String named) throws IOException {
        TinyModels.copy("sd15", folder.resolve("sd15"));
        Files.writeString(folder.resolve("sd15").resolve(file), content);

        var engine = models.engine(folder.resolve("sd15"));

        assertThat(engine.status().configured()).isFalse();
        assertThat(engine.status().detail()).contains(named);
        assertThat(engine.announcement()).isEmpty();
        assertThat(failure(engine, TinyModels.request("sd15", "a cat", 1).build())
                        .code())
                .isEqualTo(Code.NOT_CONFIGURED);
    }

    @Test
    void weightsThatAreDamagedFailTheJobAndLeaveNothingLoaded() throws IOException {
        TinyModels.copy("sd15", folder.resolve("sd15"));
        var weights = folder.resolve("sd15/unet/model.onnx");
        var text = new String(Files.readAllBytes(weights), StandardCharsets.ISO_8859_1);
        // The structure of the file is whole, so that only loading can find the damage.
        Files.write(weights, text.replace("Conv", "Xonv").getBytes(StandardCharsets.ISO_8859_1));
        var engine = models.engine(folder.resolve("sd15"));
        assertThat(engine.status().configured()).isTrue();

        var failure = failure(engine, TinyModels.request("sd15", "a cat", 1).build());

        assertThat(failure.code()).isEqualTo(Code.NOT_CONFIGURED);
        assertThat(failure.message()).contains("model.onnx");
        assertThat(engine.status().configured()).isFalse();
        assertThat(engine.status().detail()).isEqualTo(failure.message());
        assertThat(engine.announcement()).isEmpty();
    }

    @Test
    void modelThatIsTooLargeIsOfferedWithTheReasonAndFailsItsJobs() {
        var engine = new TinyModels(1 << 20).engine("sdxl");

        assertThat(engine.announcement()).isPresent();
        assertThat(engine.status().detail()).contains("'sdxl' needs about").contains("ATELIER_MODELS_MEMORY");
        var failure = failure(engine, TinyModels.request("sdxl", "a cat", 1).build());
        assertThat(failure.code()).isEqualTo(Code.NOT_CONFIGURED);
        assertThat(failure.message()).isEqualTo(engine.status().detail());
    }

    @DisplayName("The model that is part of the worker takes part in the memory of all models")
    @Test
    void builtInModelSharesTheMemory() {
        var ofPocket = MemoryEstimate.withRun(PocketModel.onClassPath(1).description());
        var small = new TinyModels(ofPocket);
        try (var pocket = small.pocket();
                var other = small.engine("sdxl")) {
            other.generate(TinyModels.request("sdxl", "a cat", 1).steps(1).build(), run());
            assertThat(other.announcement().orElseThrow().loaded()).isTrue();

            pocket.generate(PocketRequests.of("a cat", 1).steps(1).request(), run());

            assertThat(other.announcement().orElseThrow().loaded()).isFalse();
            assertThat(pocket.announcement()).isEmpty();
            assertThat(new TinyModels(ofPocket - 1).pocket().status().detail())
                    .contains("'pocket' needs about")
                    .contains("ATELIER_MODELS_MEMORY");
        }
    }

    @DisplayName("Another attempt at the model that each worker has may come to a worker that can use it")
    @Test
    void builtInModelThatCannotBeUsedHereIsTriedAgain() {
        var ofPocket = MemoryEstimate.withRun(PocketModel.onClassPath(1).description());
        try (var pocket = new TinyModels(ofPocket - 1).pocket()) {
            assertThat(failure(pocket, PocketRequests.of("a cat", 1).steps(1).request())
                            .code())
                    .isEqualTo(Code.ENGINE_UNAVAILABLE);
        }
    }

    @DisplayName("A network that lacks what a run needs is found by the run; then the model is not offered for a while")
    @Test
    void damageThatARunFindsIsRemembered() throws IOException {
        TinyModels.copy("sd15", folder.resolve("sd15"));
        Files.copy(
                folder.resolve("sd15/vae_decoder/model.onnx"),
                folder.resolve("sd15/unet/model.onnx"),
                REPLACE_EXISTING);
        var engine = models.engine(folder.resolve("sd15"));
        assertThat(engine.status().configured()).isTrue();

        var failure = failure(engine, TinyModels.request("sd15", "a cat", 1).build());

        assertThat(failure.code()).isEqualTo(Code.NOT_CONFIGURED);
        assertThat(engine.status().detail()).isEqualTo(failure.message());
    }

    @DisplayName(
            "A file that cannot be read now is no damage: the folder is opened again, and its jobs are tried again")
    @Test
    void fileThatCannotBeReadIsNoDamage() throws IOException {
        var copy = TinyModels.copy("sd15", folder.resolve("sd15"));
        Files.delete(copy.resolve("tokenizer/vocab.json"));
        Files.createSymbolicLink(copy.resolve("tokenizer/vocab.json"), Path.of("vocab.json"));

        var engine = models.engine(copy);

        assertThat(engine.isToBeOpenedAgain()).isTrue();
        assertThat(engine.status().detail()).contains("tokenizer/vocab.json cannot be read now: ");
        assertThat(failure(engine, TinyModels.request("sd15", "a cat", 1).build())
                        .code())
                .isEqualTo(Code.ENGINE_UNAVAILABLE);
    }

    @DisplayName(
            "A folder that is replaced while it is loaded is loaded again, and the job gets the images of the new content")
    @Test
    void folderThatIsReplacedWhileItIsLoadedIsLoadedAgain() throws IOException {
        var model = TinyModels.copy("sd15", folder.resolve("tiny"));
        var next = TinyModels.copy("sdxl", folder.resolve(".next"));
        var loads = new AtomicInteger();
        var cpu = SessionFactory.cpu(1);
        var replacing = new TinyModels(file -> {
            if (loads.incrementAndGet() == 2) {
                replace(model, next);
            }
            return cpu.load(file);
        });
        var request = TinyModels.request("tiny", "a red car", 3).steps(2).build();
        try (var library = new ModelLibrary(folder, replacing.pocket(), replacing::engine, () -> {});
                var expected = models.engine("sdxl")) {
            var engine = library.engines().get(0);

            var image = engine.generate(request, run()).get(0);

            assertThat(pixels(image))
                    .isEqualTo(pixels(expected.generate(request, run()).get(0)));
            assertThat(library.models()).singleElement().satisfies(announced -> {
                assertThat(announced.family()).isEqualTo("Stable Diffusion XL");
                assertThat(announced.loaded()).isTrue();
            });
        }
    }

    private static void replace(Path model, Path next) {
        try {
            Files.move(model, model.resolveSibling(".before"));
            Files.move(next, model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @DisplayName("A change by a model of one step makes as many steps as leave one")
    @Test
    void changeInOneStepIsPossible() throws IOException {
        try (var engine = models.engine("sdxl")) {
            var bytes = Files.readAllBytes(TinyModels.folder("sdxl").resolve("golden.png"));
            var sources = SourceImages.of(new SourceImage(bytes, "image/png"));
            var request = TinyModels.request("sdxl", "a red car", 3).steps(1).build();

            assertThat(engine.edit(request, sources, run())).hasSize(1);
        }
    }

    @Test
    void sizeThatTheModelCannotGenerateIsRefusedWithTheSizesThatItCan() {
        try (var engine = models.engine("sd15")) {
            var request = TinyModels.request("sd15", "a cat", 1)
                    .size(new ImageSize(72, 64))
                    .build();

            assertThat(failure(engine, request).code()).isEqualTo(Code.REQUEST_REJECTED);
            assertThat(failure(engine, request).message()).contains("72x64").contains("16");
        }
    }

    @Test
    void sizeForWhichThereIsNoMemoryIsAnnouncedAndFailsItsJobBeforeTheModelIsLoaded() {
        var engine = new TinyModels(6 << 20).engine("sd15");
        long limit = Objects.requireNonNull(engine.announcement().orElseThrow().maxPixels());

        var failure = failure(
                engine,
                TinyModels.request("sd15", "a cat", 1)
                        .size(new ImageSize(1024, 1024))
                        .build());

        assertThat(failure.code()).isEqualTo(Code.OUT_OF_MEMORY);
        assertThat(failure.message())
                .contains("at most %d pixels".formatted(limit))
                .contains("1024x1024");
        assertThat(limit).isBetween(64L * 64, 512L * 512);
        assertThat(engine.announcement().orElseThrow().loaded()).isFalse();
        assertThat(models.engine("sd15").announcement().orElseThrow().maxPixels())
                .isGreaterThan(limit);
    }

    @DisplayName(
            "A model whose usual size does not fit is offered with the largest one that does; it is refused only if not even the smallest does")
    @Test
    void modelIsOfferedWithTheSizesThatFit() {
        var description = PipelineDescription.of(DiffusersFolder.open(TinyModels.folder("flux")));
        var usual = description.defaults();
        long least = MemoryEstimate.withSmallestRun(description);

        try (var engine = new TinyModels(least).engine("flux")) {
            var announced = engine.announcement().orElseThrow();
            assertThat(engine.status().configured()).isTrue();
            assertThat(new ImageSize(announced.width(), announced.height())).isEqualTo(new ImageSize(64, 64));
            assertThat(announced.maxPixels()).isBetween(64L * 64, 80L * 80);
            var request = TinyModels.request("flux", "a cat", 1).steps(1);
            assertThat(engine.generate(request.build(), run())).hasSize(1);
            var large = request.size(new ImageSize(usual.width(), usual.height()));
            assertThat(failure(engine, large.build()).code()).isEqualTo(Code.OUT_OF_MEMORY);
        }

        var whole = new TinyModels(MemoryEstimate.withRun(description)).engine("flux");
        assertThat(whole.announcement().orElseThrow().width())
                .isEqualTo(usual.width())
                .isGreaterThan(64);
        var status = new TinyModels(least - 1).engine("flux").status();
        assertThat(status.configured()).isFalse();
        assertThat(status.detail()).contains("'flux' needs about").contains("ATELIER_MODELS_MEMORY");
    }

    /** The tiny model needs about 7 MB for one image, and 5 MB more for each other one in the same run. */
    @Test
    void imagesAreMadeTogetherAsFarAsMemoryAllows() {
        assertThat(stepsOfFourImages(TinyModels.MEMORY)).isEqualTo(1);
        assertThat(stepsOfFourImages(10 << 20)).isEqualTo(4);
    }

    /** How many steps are reported at the end. */
    private static int stepsOfFourImages(long memory) {
        var steps = new AtomicInteger();
        var request = TinyModels.request("sd15", "a cat", 1)
                .size(new ImageSize(128, 128))
                .steps(1)
                .n(4)
                .build();
        try (var engine = new TinyModels(memory).engine("sd15")) {
            var run = new GenerationRun(
                    "gen_1",
                    1,
                    (phase, step, of) -> {
                        if (phase.equals("denoise")) {
                            steps.set(of);
                        }
                    },
                    new Cancellation());
            assertThat(engine.generate(request, run)).hasSize(4);
        }
        return steps.get();
    }

    private static GenerationRequest withScheduler(@Nullable String word) {
        return TinyModels.request("sdxl", "a red car", 3)
                .steps(3)
                .options(new ImageOptions(null, null, null, null, word))
                .build();
    }

    private static Failure failure(LocalEngine engine, GenerationRequest request) {
        return catchThrowableOfType(GenerationFailed.class, () -> engine.generate(request, run()))
                .failure();
    }

    private static List<Integer> pixels(GeneratedImage image) {
        var raster = image.pixels().raster().toBufferedImage();
        return Arrays.stream(raster.getRGB(0, 0, raster.getWidth(), raster.getHeight(), null, 0, raster.getWidth()))
                .boxed()
                .toList();
    }

    private static GenerationRun run() {
        return new GenerationRun("gen_1", 1, (phase, step, steps) -> {}, new Cancellation());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
