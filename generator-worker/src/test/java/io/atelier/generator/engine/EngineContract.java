package io.atelier.generator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.worker.cancellation.Cancellation;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** What every engine owes, as far as it says that it is capable of it. Each engine's tests extend it. */
public abstract class EngineContract {

    /** The engine under test; the same one each time. */
    protected abstract GenerationEngine engine();

    /** Something quick to draw, small, in several steps. */
    protected abstract GenerationRequest request(int n, long seed);

    /** Something that takes a second or more. */
    protected abstract GenerationRequest slowRequest();

    /**
     * Returns when the slow request is being drawn. Engines that tell no progress before the first picture find out otherwise.
     *
     * @param told is counted down once progress was told
     */
    protected void awaitUnderWay(CountDownLatch told) throws InterruptedException {
        assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aNameAndADeviceSayWhatItIs() {
        assertThat(engine().name()).matches("[a-z0-9][a-z0-9-]*");
        assertThat(engine().device()).isNotBlank();
    }

    @Test
    void asManyImagesAreDrawnAsWereAskedForInTheSizeAskedFor() {
        var request = request(3, 11);

        var images = engine().generate(request, run());

        assertThat(images)
                .hasSize(3)
                .allSatisfy(picture -> assertThat(isAsAskedFor(picture, request)
                                || (!can(Capability.SIZE) && picture.notes().containsKey(GeneratedImage.WARNING)))
                        .as("of the size asked for, or with a warning if the engine decides it")
                        .isTrue());
    }

    private static boolean isAsAskedFor(GeneratedImage picture, GenerationRequest request) {
        return picture.pixels().getWidth() == request.size().width()
                && picture.pixels().getHeight() == request.size().height();
    }

    @Test
    void imagesAreChangedOnlyByEnginesThatCan() throws Exception {
        var sources = List.of(source());

        if (can(Capability.EDIT)) {
            assertThat(engine().edit(request(2, 11), sources, run())).hasSize(2);
        } else {
            var request = request(1, 11);
            var refused = catchThrowableOfType(GenerationFailed.class, () -> engine().edit(request, sources, run()));
            assertThat(refused.failure().code()).isEqualTo(Failure.Code.REQUEST_REJECTED);
        }
    }

    @Test
    void imageIHasTheSeedOfTheRequestPlusI() {
        assumeCan(Capability.SEED);

        var images = engine().generate(request(3, 11), run());

        assertThat(images).extracting(GeneratedImage::seed).containsExactly(11L, 12L, 13L);
        assertThat(pixels(engine().generate(request(1, 12), run()).get(0))).isEqualTo(pixels(images.get(1)));
    }

    @Test
    void theSameRequestDrawsTheSamePixels() {
        assumeCan(Capability.SEED);

        var first = engine().generate(request(1, 42), run());
        var second = engine().generate(request(1, 42), run());

        assertThat(pixels(second.get(0))).isEqualTo(pixels(first.get(0)));
    }

    @Test
    void anotherSeedDrawsOtherPixels() {
        assumeCan(Capability.SEED);

        var first = engine().generate(request(1, 42), run());
        var second = engine().generate(request(1, 43), run());

        assertThat(pixels(second.get(0))).isNotEqualTo(pixels(first.get(0)));
    }

    @Test
    void theImageIsNotOfOneColour() {
        var picture = engine().generate(request(1, 42), run()).get(0);

        assertThat(pixels(picture).stream().distinct().count()).isGreaterThan(8);
    }

    @Test
    void progressOnlyGoesForwardAndEndsComplete() {
        var told = new ArrayList<Step>();

        engine().generate(request(2, 42), run(told, new Cancellation()));

        if (told.isEmpty()) {
            assertThat(engine().capabilities()).doesNotContain(Capability.PROGRESS);
            return;
        }
        var last = told.get(told.size() - 1);
        assertThat(last.step()).isEqualTo(last.steps());
        var ended = new ArrayList<String>();
        for (int i = 1; i < told.size(); i++) {
            var before = told.get(i - 1);
            var step = told.get(i);
            assertThat(step.step()).isBetween(0, step.steps());
            if (step.phase().equals(before.phase())) {
                assertThat(step.step()).isGreaterThanOrEqualTo(before.step());
                assertThat(step.steps()).isEqualTo(before.steps());
            } else {
                ended.add(before.phase());
                assertThat(ended).doesNotContain(step.phase());
            }
        }
    }

    @Test
    void aRunThatIsStoppedBeforeItStartsDrawsNothing() {
        var cancellation = new Cancellation();
        cancellation.request();

        assertThatThrownBy(() -> engine().generate(slowRequest(), run(new ArrayList<>(), cancellation)))
                .isInstanceOf(GenerationCanceled.class);
    }

    @Test
    void aRunThatIsStoppedOnItsWayEndsSoonAndLeavesTheEngineUsable() throws Exception {
        var cancellation = new Cancellation();
        var underWay = new CountDownLatch(1);
        var stopped = CompletableFuture.supplyAsync(() -> engine().generate(
                        slowRequest(),
                        new GenerationRun("a job", 1, (phase, step, steps) -> underWay.countDown(), cancellation)));
        awaitUnderWay(underWay);

        cancellation.request();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> stopped.get(5, TimeUnit.SECONDS))
                .withCauseInstanceOf(GenerationCanceled.class);
        assertThat(engine().generate(request(1, 42), run())).hasSize(1);
    }

    @Test
    void runsSideBySideDrawWhatTheyWouldDrawAlone() throws Exception {
        assumeCan(Capability.SEED);
        var alone = engine().generate(request(1, 1), run());
        var aloneToo = engine().generate(request(1, 2), run());

        var first = CompletableFuture.supplyAsync(() -> engine().generate(request(1, 1), run()));
        var second = CompletableFuture.supplyAsync(() -> engine().generate(request(1, 2), run()));

        assertThat(pixels(first.get(60, TimeUnit.SECONDS).get(0))).isEqualTo(pixels(alone.get(0)));
        assertThat(pixels(second.get(60, TimeUnit.SECONDS).get(0))).isEqualTo(pixels(aloneToo.get(0)));
    }

    private boolean can(Capability capability) {
        return engine().capabilities().contains(capability);
    }

    private void assumeCan(Capability capability) {
        assumeThat(engine().capabilities()).contains(capability);
    }

    private static SourceImage source() throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return new SourceImage(bytes.toByteArray(), "image/png");
    }

    /** A run that nobody listens to and nobody stops. */
    protected static GenerationRun run() {
        return run(new ArrayList<>(), new Cancellation());
    }

    /** A run whose progress is kept. */
    protected static GenerationRun run(List<Step> told, Cancellation cancellation) {
        return new GenerationRun(
                "a job", 1, (phase, step, steps) -> told.add(new Step(phase, step, steps)), cancellation);
    }

    /** The colours of a picture, row by row. */
    protected static List<Integer> pixels(GeneratedImage picture) {
        var image = picture.pixels();
        var pixels = new ArrayList<Integer>();
        for (int argb : image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
            pixels.add(argb);
        }
        return pixels;
    }

    /** One report of progress. */
    protected record Step(String phase, int step, int steps) {}
}
