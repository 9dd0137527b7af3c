package io.atelier.generator.engine.testcard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atelier.contract.image.GridSpec;
import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.AvatarSpec;
import io.atelier.contract.job.AvatarStep;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.EditMask;
import io.atelier.generator.engine.EngineContract;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImage;
import io.atelier.generator.engine.SourceImages;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.worker.cancellation.Cancellation;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestCardEngineTests extends EngineContract {

    private static final int BLUE = 0x2040E0;

    private final AtomicInteger exits = new AtomicInteger();
    private final TestCardEngine engine = new TestCardEngine(true, exits::incrementAndGet);

    @Override
    protected GenerationEngine engine() {
        return engine;
    }

    @Override
    protected GenerationRequest request(int n, long seed) {
        return request("a blue cube", n, seed, new ImageSize(96, 64));
    }

    @Override
    protected GenerationRequest slowRequest() {
        return request("a slow cube delay:30s", 1, 1, new ImageSize(64, 64));
    }

    @Test
    void anotherPromptGivesAnotherCard() {
        assertThat(pixels(generate("a cat"))).isNotEqualTo(pixels(generate("a dog")));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 3", "32, 2048", "2048, 32", "512, 512"})
    void anySizeCanBeGenerated(int width, int height) {
        for (var prompt : new String[] {"some words \u00E9\uD83D\uDC3B", "grid:8x8"}) {
            var image = engine.generate(request(prompt, 1, 5, new ImageSize(width, height)), run())
                    .get(0);

            assertThat(image.pixels().width()).isEqualTo(width);
            assertThat(image.pixels().height()).isEqualTo(height);
        }
    }

    @Test
    void cardIsDrawnOverTheFirstImageWhereTheMaskLetsItChange() throws Exception {
        var mask = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        mask.setRGB(0, 0, 0xFF000000);
        var sources = new SourceImages(List.of(blue(4, 4)), EditMask.of(PngImage.of(mask)));
        var request = request("an edit", 1, 5, new ImageSize(64, 32));
        var card = pixels(engine.generate(request, run()).get(0));

        var edited = pixels(engine.edit(request.toBuilder().strength(1.0).build(), sources, run())
                .get(0));
        var half =
                pixels(engine.edit(request, SourceImages.of(blue(4, 4)), run()).get(0));

        for (int x = 0; x < 64; x++) {
            assertThat(edited.get(x) & 0xFFFFFF).isEqualTo(x < 32 ? BLUE : card.get(x) & 0xFFFFFF);
            assertThat(half.get(x) & 0xFF).isBetween((BLUE & 0xFF) / 2, 0xFF);
        }
    }

    @Test
    void furtherImagesAreShownSmall() throws Exception {
        var request = request("an edit", 1, 5, new ImageSize(170, 64));

        var pixels = pixels(
                engine.edit(request, SourceImages.of(grey(), blue(9, 9)), run()).get(0));

        assertThat(pixels.get(0) & 0xFFFFFF).isEqualTo(BLUE);
        assertThat(pixels.get(9) & 0xFFFFFF).isEqualTo(BLUE);
        assertThat(pixels.get(10) & 0xFFFFFF).isNotEqualTo(BLUE);
    }

    @Test
    @DisplayName("The grid of an avatar shows its base image four times, whatever the prompt says, with white gutters")
    void gridOfAnAvatarIsMadeOfItsBaseImage() {
        var request = avatar(new GridSpec(2, 2, true, 0, 10, 32), "a grid grid:3x3 exit fail:moderation", 5);
        var demonstration = new TestCardEngine(false, exits::incrementAndGet);

        var grid = demonstration.edit(request, SourceImages.of(blue(8, 8)), run());
        var other = demonstration.edit(request.toBuilder().seed(6).build(), SourceImages.of(blue(8, 8)), run());

        assertThat(exits).hasValue(0);
        var pixels = pixels(grid.get(0));
        Set<Integer> colours = new HashSet<>();
        for (int cell = 0; cell < 4; cell++) {
            colours.add(pixels.get((cell / 2 * 64 + 48) * 128 + cell % 2 * 64 + 48));
        }
        assertThat(colours).hasSize(4).doesNotContain(0xFFFFFFFF);
        for (int i = 0; i < 128; i++) {
            assertThat(List.of(
                            pixels.get(i),
                            pixels.get(64 * 128 + i),
                            pixels.get(i * 128 + 64),
                            pixels.get(127 * 128 + i)))
                    .containsOnly(0xFFFFFFFF);
        }
        assertThat(pixels(other.get(0))).isNotEqualTo(pixels);
    }

    @Test
    @DisplayName("The card of an avatar does not show its prompt, which has the bio of a person")
    void cardOfAnAvatarDoesNotShowItsPrompt() throws Exception {
        var one = engine.generate(avatar(null, "a bio", 5), run()).get(0);
        var other = engine.generate(avatar(null, "another bio", 5), run()).get(0);
        var withFace = engine.edit(avatar(null, "a bio", 5), SourceImages.of(blue(4, 4)), run());

        assertThat(pixels(one)).isEqualTo(pixels(other));
        assertThat(pixels(withFace.get(0)).get(0))
                .as("a card over the face, no grid")
                .isNotEqualTo(0xFFFFFFFF);
    }

    private static GenerationRequest avatar(@Nullable GridSpec grid, String prompt, long seed) {
        var spec = new AvatarSpec(
                List.of(AvatarStep.values()), 4, false, false, "42", null, null, null, null, null, null, false);
        return request(prompt, 1, seed, new ImageSize(128, 128)).toBuilder()
                .grid(grid)
                .avatar(spec)
                .build();
    }

    @Test
    void wordsOfPromptsAreObeyedOnlyIfThatIsAllowed() {
        var demonstration = new TestCardEngine(false, exits::incrementAndGet);

        var images = demonstration.generate(
                request("exit fail:rejected delay:1000s numb:1000s grid:9x9", 1, 7, new ImageSize(64, 64)), run());

        assertThat(images).hasSize(1);
        assertThat(exits).hasValue(0);
    }

    @Test
    void sourceThatIsNoImageFailsTheRun() {
        var broken = SourceImages.of(new SourceImage(new byte[] {1, 2, 3}, "image/png"));

        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> engine.edit(request(1, 1), broken, run()))
                .satisfies(failed -> assertThat(failed.failure().code()).isEqualTo(Code.SOURCE_UNAVAILABLE));
    }

    private static SourceImage blue(int width, int height) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, BLUE);
        }
        return new SourceImage(new PngWriter().write(image, PngTextChunks.NONE), "image/png");
    }

    private static SourceImage grey() {
        return new SourceImage(
                new PngWriter().write(new BufferedImage(3, 3, BufferedImage.TYPE_BYTE_GRAY), PngTextChunks.NONE),
                "image/png");
    }

    @Test
    void aDelayPassesBeforeTheCardIsReturned() {
        long start = System.nanoTime();

        generate("delay:200ms");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @ParameterizedTest
    @CsvSource({
        "fail:rejected, REQUEST_REJECTED",
        "fail:moderation, MODERATION_BLOCKED",
        "fail:timeout, ENGINE_TIMEOUT",
        "fail:unavailable, ENGINE_UNAVAILABLE",
    })
    void theRunFailsAsThePromptSays(String words, Code code) {
        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> generate("a cat " + words + " on a mat"))
                .satisfies(failed -> assertThat(failed.failure().code()).isEqualTo(code));
    }

    @Test
    void onlyTheFirstAttemptsFailIfThePromptGivesTheirNumber() {
        var request = request("fail-times:2 a cat", 1, 1, new ImageSize(64, 64));

        assertThatThrownBy(() -> engine.generate(request, attempt(1))).isInstanceOf(GenerationFailed.class);
        assertThatThrownBy(() -> engine.generate(request, attempt(2))).isInstanceOf(GenerationFailed.class);
        assertThat(engine.generate(request, attempt(3))).hasSize(1);
    }

    @Test
    void theWordExitHaltsTheProcessOnlyAsAWordOfItsOwn() {
        generate("the exits of an exit-sign");
        assertThat(exits).hasValue(0);

        generate("now exit");
        assertThat(exits).hasValue(1);

        engine.generate(request("exit fail-times:1", 1, 1, new ImageSize(64, 64)), attempt(2));
        assertThat(exits).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delay:",
                "delay:soon",
                "delay:-1s",
                "delay:5",
                "delay:3601s",
                "deaf:long",
                "numb:",
                "fail:",
                "fail:badly",
                "fail-times:often",
                "grid:2",
                "grid:0x2",
                "grid:2x9",
                "grid:2x2x2",
            })
    void anInvalidValueIsRejectedWithTheAllowedOnes(String word) {
        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> generate("a cat " + word))
                .satisfies(failed -> {
                    assertThat(failed.failure().code()).isEqualTo(Code.REQUEST_REJECTED);
                    assertThat(failed.failure().message())
                            .contains("'" + word + "'")
                            .contains("Write ");
                });
    }

    @Test
    void aCardThatIsTooLargeIsRejected() {
        assertThatExceptionOfType(GenerationFailed.class)
                .isThrownBy(() -> engine.generate(request("big", 1, 1, new ImageSize(4097, 1)), run()))
                .satisfies(failed ->
                        assertThat(failed.failure().message()).contains("4096").contains("4097x1"));
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "2, 2", "4, 3", "8, 8"})
    void aGridHasWhiteGuttersAndTilesOfDifferentColours(int rows, int cols) {
        int side = 240;
        var image = engine.generate(request("grid:%dx%d".formatted(rows, cols), 1, 9, new ImageSize(side, side)), run())
                .get(0)
                .pixels()
                .raster()
                .toBufferedImage();

        for (int row = 0; row <= rows; row++) {
            for (int x = 0; x < side; x++) {
                assertThat(image.getRGB(x, Math.min(side - 1, row * side / rows)))
                        .isEqualTo(0xFFFFFFFF);
            }
        }
        Set<Integer> colours = new HashSet<>();
        for (int row = 0; row < rows; row++) {
            for (int col = 0; col < cols; col++) {
                colours.add(image.getRGB((2 * col + 1) * side / cols / 2, (2 * row + 1) * side / rows / 2));
            }
        }
        assertThat(colours).hasSize(rows * cols).doesNotContain(0xFFFFFFFF);
    }

    @Test
    void aRunIsCanceledDuringItsDelay() {
        var cancellation = new Cancellation();
        var run = new GenerationRun("a job", 1, (phase, step, steps) -> cancellation.request(), cancellation);
        long start = System.nanoTime();

        assertThatThrownBy(() -> engine.generate(slowRequest(), run)).isInstanceOf(GenerationCanceled.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aDeafRunIgnoresCancellation() {
        var cancellation = new Cancellation();
        long start = System.nanoTime();

        var images = engine.generate(smallRequest("deaf:300ms"), atTheLastStep(cancellation, cancellation::request));

        assertThat(images).hasSize(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aDeafRunIsEndedByAnInterrupt() {
        var run = atTheLastStep(new Cancellation(), Thread.currentThread()::interrupt);

        assertThatThrownBy(() -> engine.generate(smallRequest("deaf:1000s"), run))
                .isInstanceOf(GenerationCanceled.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aNumbRunIgnoresInterrupts() {
        var run = atTheLastStep(new Cancellation(), Thread.currentThread()::interrupt);
        long start = System.nanoTime();

        assertThatThrownBy(() -> engine.generate(smallRequest("numb:300ms"), run))
                .isInstanceOf(GenerationCanceled.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    private static GenerationRequest smallRequest(String words) {
        return request(words, 1, 7, new ImageSize(64, 64));
    }

    private static GenerationRun atTheLastStep(Cancellation cancellation, Runnable event) {
        return new GenerationRun(
                "a job",
                1,
                (phase, step, steps) -> {
                    if (step == steps) {
                        event.run();
                    }
                },
                cancellation);
    }

    private GeneratedImage generate(String prompt) {
        return engine.generate(request(prompt, 1, 7, new ImageSize(128, 128)), run())
                .get(0);
    }

    private static GenerationRun attempt(int attempt) {
        return new GenerationRun("a job", attempt, (phase, step, steps) -> {}, new Cancellation());
    }

    private static GenerationRequest request(String prompt, int n, long seed, ImageSize size) {
        return GenerationRequest.builder()
                .prompt(prompt)
                .model("test-card")
                .requestedModel("test-card")
                .engine("test-card")
                .pool("default")
                .n(n)
                .size(size)
                .seed(seed)
                .build();
    }
}
