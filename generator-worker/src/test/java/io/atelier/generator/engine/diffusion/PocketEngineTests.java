package io.atelier.generator.engine.diffusion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.diffusion.pipeline.PocketGolden;
import io.atelier.worker.cancellation.Cancellation;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PocketEngineTests {

    private static final GenerationEngine ENGINE = new TinyModels().pocket();
    private static final PocketRequests SNOWMAN =
            PocketRequests.of("a snowman", 7).steps(4);

    @AfterAll
    static void free() {
        ENGINE.close();
    }

    @Test
    void nameAndDevice() {
        assertThat(ENGINE.name()).isEqualTo("pocket");
        assertThat(ENGINE.device()).isEqualTo("cpu");
    }

    /** The tolerance is larger because of the int8 arithmetic of the text encoder. */
    @ParameterizedTest
    @MethodSource("io.atelier.generator.engine.diffusion.pipeline.PocketGolden#all")
    void theImageOfAPromptEqualsTheGoldenImage(PocketGolden golden) {
        var image = generate(
                PocketRequests.of(golden.numbers().prompt(), golden.numbers().seed()));

        assertThat(PocketGolden.psnr(image, golden.image())).isGreaterThan(25);
    }

    @Test
    void theSameSeedGivesTheSameImage() {
        assertThat(pixels(generate(SNOWMAN))).isEqualTo(pixels(generate(SNOWMAN)));
        assertThat(pixels(generate(PocketRequests.of("a snowman", 8).steps(4))))
                .isNotEqualTo(pixels(generate(SNOWMAN)));
    }

    @Test
    void imagesOfABatchEqualThoseOfTheirSeeds() {
        var together = ENGINE.generate(SNOWMAN.n(3).request(), PocketRequests.run());

        assertThat(together).extracting(GeneratedImage::seed).containsExactly(7L, 8L, 9L);
        for (GeneratedImage image : together) {
            var alone = generate(PocketRequests.of("a snowman", image.seed()).steps(4));
            assertThat(PocketGolden.psnr(image.pixels().raster().toBufferedImage(), alone))
                    .isGreaterThan(50);
        }
    }

    @Test
    void parallelRunsGiveTheSameImagesAsSingleRuns() {
        var requests = IntStream.range(0, 6)
                .mapToObj(seed -> PocketRequests.of("a red car", seed).steps(6))
                .toList();
        var expected =
                requests.stream().map(request -> pixels(generate(request))).toList();

        var atOnce = requests.stream()
                .map(request -> CompletableFuture.supplyAsync(() -> pixels(generate(request))))
                .toList();

        assertThat(atOnce.stream().map(CompletableFuture::join)).containsExactlyElementsOf(expected);
    }

    @Test
    void guidanceAndNegativePromptChangeTheImage() {
        var plain = pixels(generate(SNOWMAN));

        assertThat(pixels(generate(SNOWMAN.guidance(2.5)))).isEqualTo(plain);
        assertThat(pixels(generate(SNOWMAN.negative("  ")))).isEqualTo(plain);
        assertThat(pixels(generate(SNOWMAN.negative("white")))).isNotEqualTo(plain);
        assertThat(pixels(generate(SNOWMAN.guidance(6)))).isNotEqualTo(plain);
    }

    @Test
    void guidanceOneUsesThePromptAlone() {
        var alone = generate(SNOWMAN.guidance(1));

        assertThat(PocketGolden.psnr(generate(SNOWMAN.guidance(1.0001)), alone)).isGreaterThan(50);
        assertThat(pixels(generate(SNOWMAN.guidance(1).negative("white")))).isEqualTo(pixels(alone));
    }

    @ParameterizedTest
    @CsvSource({"256, 256", "512, 512", "512, 288", "64, 192", "1000, 8"})
    void theImageHasTheRequestedSize(int width, int height) {
        var image = generate(PocketRequests.of("a beach", 1).steps(2).size(width, height));

        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(height);
    }

    @Test
    void anEnlargedImageResemblesTheNativeOne() {
        var small = generate(SNOWMAN);
        var large = generate(SNOWMAN.size(512, 512));

        for (int y = 0; y < 256; y += 5) {
            for (int x = 0; x < 256; x += 5) {
                assertThat(red(large, 2 * x, 2 * y)).isCloseTo(red(small, x, y), within(60));
            }
        }
        assertThat(mean(large)).isCloseTo(mean(small), within(0.5));
    }

    @Test
    void notesContainTheParameters() {
        var notes = ENGINE.generate(SNOWMAN.size(512, 512).request(), PocketRequests.run())
                .get(0)
                .metadata();

        assertThat(notes)
                .containsEntry("model", "pocket")
                .containsEntry("native_size", "256x256")
                .containsEntry("steps", "4")
                .containsEntry("guidance_scale", "2.5")
                .doesNotContainKey(GeneratedImage.WARNING);
    }

    @Test
    void anUnknownSubjectGivesAWarning() {
        assertThat(warning("quarterly tax statement")).contains("does not know").contains("nearest thing it knows");
    }

    @DisplayName(
            "Words that the model does not know, and several things at once, give a warning; the examples give none")
    @Test
    void wordsOutsideTheVocabularyGiveAWarning() throws Exception {
        assertThat(warning("a snowman and zirconium obelisks")).contains("does not know \"zirconium\", \"obelisks\"");
        assertThat(warning("a snowman with a blue scarf")).contains("single things", "\"snowman\", \"scarf\"");
        for (var example : new String(
                        PocketEngineTests.class
                                .getResourceAsStream("/models/pocket/examples.txt")
                                .readAllBytes(),
                        UTF_8)
                .lines()
                .toList()) {
            assertThat(warning(example)).as(example).isEmpty();
        }
    }

    @Test
    void warningsAboutPromptsOfPersonsCountWordsAndQuoteNone() {
        assertThat(warningOfAnAvatar("a snowman and zirconium obelisks, zirconium"))
                .isEqualTo(
                        "pocket does not know 2 of the 5 different words of this prompt and draws the image as if it did not"
                                + " have them.");
        assertThat(warningOfAnAvatar("a snowman with a blue scarf"))
                .isEqualTo(
                        "pocket draws single things; of the 2 in this prompt it may draw none that can be recognised.");
        assertThat(warningOfAnAvatar("quarterly tax statement"))
                .contains("does not know the subject of this prompt. Connect")
                .doesNotContain("\"");
    }

    private static String warningOfAnAvatar(String prompt) {
        var request = PocketRequests.of(prompt, 7).steps(1).request().toBuilder()
                .avatar(AvatarSpec.builder(List.of(AvatarStep.BASE), 1).build())
                .build();
        return ENGINE.generate(request, PocketRequests.run())
                .get(0)
                .metadata()
                .getOrDefault(GeneratedImage.WARNING, "");
    }

    @Test
    void aTruncatedPromptGivesAWarning() {
        assertThat(warning("a snowman ".repeat(40))).contains("ignored");
    }

    @Test
    void progressConsistsOfEncodeEachStepAndUpscale() {
        var reported = new ArrayList<String>();

        ENGINE.generate(
                SNOWMAN.n(2).steps(3).request(),
                PocketRequests.run(
                        (phase, step, steps) -> reported.add(phase + " " + step + "/" + steps), new Cancellation()));

        assertThat(reported)
                .containsExactly(
                        "encode 1/1", "denoise 1/3", "denoise 2/3", "denoise 3/3", "upscale 1/2", "upscale 2/2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encode 1", "denoise 3", "denoise 25", "upscale 1"})
    void aCancellationEndsTheRunWithinOneStep(String moment) {
        var cancellation = new Cancellation();
        var reported = new ArrayList<String>();

        assertThatExceptionOfType(GenerationCanceled.class)
                .isThrownBy(() -> ENGINE.generate(
                        PocketRequests.of("a snowman", 7).n(2).request(),
                        PocketRequests.run(
                                (phase, step, steps) -> {
                                    reported.add(phase + " " + step);
                                    if (reported.contains(moment)) {
                                        cancellation.request();
                                    }
                                },
                                cancellation)));

        assertThat(reported).endsWith(moment);
    }

    @Test
    void aCancellationFromAnotherThreadEndsTheRun() {
        var cancellation = new Cancellation();
        var started = new CompletableFuture<Void>();
        var canceling = started.thenRunAsync(cancellation::request);

        assertThatExceptionOfType(GenerationCanceled.class)
                .isThrownBy(() -> ENGINE.generate(
                        PocketRequests.of("a snowman", 7).n(16).steps(100).request(),
                        PocketRequests.run((phase, step, steps) -> started.complete(null), cancellation)));
        assertThat(canceling).succeedsWithin(10, TimeUnit.SECONDS);
        assertThat(generate(SNOWMAN)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2.5, 256, This model takes 1 to 100 steps; got 0.",
        "101, 2.5, 256, This model takes 1 to 100 steps; got 101.",
        "25, -0.1, 256, This model takes a guidance scale of 0 to 30.0; got -0.1.",
        "25, 30.1, 256, This model takes a guidance scale of 0 to 30.0; got 30.1.",
        "25, NaN, 256, This model takes a guidance scale of 0 to 30.0; got NaN.",
        "25, 2.5, 4097, This model generates images of 1 to 4096 pixels in width and height; got 4097x64."
    })
    void aRequestBeyondTheLimitsIsRejected(int steps, double guidance, int width, String message) {
        var request = PocketRequests.of("a snowman", 7)
                .steps(steps)
                .guidance(guidance)
                .size(width, 64);

        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> ENGINE.generate(request.request(), PocketRequests.run()))
                .satisfies(e -> {
                    assertThat(e.failure().code()).isEqualTo(Code.REQUEST_REJECTED);
                    assertThat(e.failure().message()).isEqualTo(message);
                });
    }

    @Test
    void theLargestSeedsWork() {
        assertThat(ENGINE.generate(
                        PocketRequests.of("a snowman", Long.MAX_VALUE)
                                .steps(1)
                                .n(2)
                                .request(),
                        PocketRequests.run()))
                .hasSize(2);
    }

    private static String warning(String prompt) {
        return ENGINE.generate(PocketRequests.of(prompt, 1).steps(1).request(), PocketRequests.run())
                .get(0)
                .metadata()
                .getOrDefault(GeneratedImage.WARNING, "");
    }

    private static BufferedImage generate(PocketRequests request) {
        return ENGINE.generate(request.request(), PocketRequests.run())
                .get(0)
                .pixels()
                .raster()
                .toBufferedImage();
    }

    private static List<Integer> pixels(BufferedImage image) {
        return IntStream.of(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .boxed()
                .toList();
    }

    private static int red(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) >> 16 & 255;
    }

    private static double mean(BufferedImage image) {
        return pixels(image).stream().mapToInt(rgb -> rgb & 255).average().orElseThrow();
    }
}
