package io.atelier.generator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.image.png.PngImage;
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
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The contract of {@link GenerationEngine}, for the capabilities that an engine declares. Each engine has a test class that extends it. */
public abstract class EngineContract {

    /** The engine under test; the same instance with each call. */
    protected abstract GenerationEngine engine();

    /** A request that takes little time and several steps. */
    protected abstract GenerationRequest request(int n, long seed);

    /** A request that takes a second or more. */
    protected abstract GenerationRequest slowRequest();

    /**
     * Returns when the slow request is in progress. Tests of engines that report no progress before the first image override it.
     *
     * @param reported is counted down when progress is reported
     */
    protected void awaitUnderWay(CountDownLatch reported) throws InterruptedException {
        assertThat(reported.await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** The number of requests for images that the engine's server has received; 0 for an engine without a server. */
    protected long imageRequests() {
        return 0;
    }

    /** Lets the engine's server answer the next request for images with status 502. */
    protected void failNextImageRequest() {}

    @Test
    void everyRequestForImagesIsCountedAlsoFailedAndRepeatedOnes() {
        var calls = new AtomicInteger();
        long before = imageRequests();
        failNextImageRequest();

        var counted =
                new GenerationRun("a job", 1, (phase, step, steps) -> {}, new Cancellation(), calls::incrementAndGet);
        engine().generate(request(3, 11), counted);

        assertThat((long) calls.get()).isEqualTo(imageRequests() - before);
        if (engine().device().equals(GenerationEngine.REMOTE)) {
            assertThat(calls.get()).isGreaterThan(1);
        } else {
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void theEngineHasANameAndADevice() {
        assertThat(engine().name()).matches("[a-z0-9][a-z0-9-]*(/[A-Za-z0-9._-]+)?");
        assertThat(engine().device()).isNotBlank();
    }

    @Test
    void theRequestedNumberOfImagesHasTheRequestedSize() {
        var request = request(3, 11);

        var images = engine().generate(request, run());

        assertThat(images)
                .hasSize(3)
                .allSatisfy(image -> assertThat(hasRequestedSize(image, request)
                                || (!can(Capability.SIZE) && image.metadata().containsKey(GeneratedImage.WARNING)))
                        .as("of the requested size, or with a warning if the engine decides the size")
                        .isTrue());
    }

    private static boolean hasRequestedSize(GeneratedImage image, GenerationRequest request) {
        return image.pixels().width() == request.size().width()
                && image.pixels().height() == request.size().height();
    }

    @Test
    void onlyEnginesWithTheCapabilityEditImages() throws Exception {
        var sources = SourceImages.of(source());

        if (can(Capability.EDIT)) {
            assertThat(engine().edit(request(2, 11), sources, run())).hasSize(2);
        } else {
            var request = request(1, 11);
            var rejected = catchThrowableOfType(GenerationFailed.class, () -> engine().edit(request, sources, run()));
            assertThat(rejected.failure().code()).isEqualTo(Failure.Code.REQUEST_REJECTED);
        }
    }

    @Test
    void onlyEnginesWithTheCapabilityUseMasks() throws Exception {
        var mask = EditMask.of(PngImage.of(new BufferedImage(8, 8, BufferedImage.TYPE_INT_ARGB)));
        var sources = new SourceImages(List.of(source()), mask);

        if (can(Capability.MASK)) {
            assertThat(can(Capability.EDIT)).isTrue();
            assertThat(engine().edit(request(1, 11), sources, run())).hasSize(1);
        } else {
            var request = request(1, 11);
            var rejected = catchThrowableOfType(GenerationFailed.class, () -> engine().edit(request, sources, run()));
            assertThat(rejected.failure().code()).isEqualTo(Failure.Code.REQUEST_REJECTED);
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
    void theSameRequestGivesTheSamePixels() {
        assumeCan(Capability.SEED);

        var first = engine().generate(request(1, 42), run());
        var second = engine().generate(request(1, 42), run());

        assertThat(pixels(second.get(0))).isEqualTo(pixels(first.get(0)));
    }

    @Test
    void anotherSeedGivesOtherPixels() {
        assumeCan(Capability.SEED);

        var first = engine().generate(request(1, 42), run());
        var second = engine().generate(request(1, 43), run());

        assertThat(pixels(second.get(0))).isNotEqualTo(pixels(first.get(0)));
    }

    @Test
    void anImageHasMoreThanEightColours() {
        var image = engine().generate(request(1, 42), run()).get(0);

        assertThat(pixels(image).stream().distinct().count()).isGreaterThan(8);
    }

    @Test
    void progressOnlyIncreasesAndEndsWithTheLastStep() {
        var reported = new ArrayList<Step>();

        engine().generate(request(2, 42), run(reported, new Cancellation()));

        if (reported.isEmpty()) {
            assertThat(engine().capabilities()).doesNotContain(Capability.PROGRESS);
            return;
        }
        var last = reported.get(reported.size() - 1);
        assertThat(last.step()).isEqualTo(last.steps());
        var ended = new ArrayList<String>();
        for (int i = 1; i < reported.size(); i++) {
            var before = reported.get(i - 1);
            var step = reported.get(i);
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
    void aRunThatIsCanceledBeforeItStartsGeneratesNothing() {
        var cancellation = new Cancellation();
        cancellation.request();

        assertThatThrownBy(() -> engine().generate(slowRequest(), run(new ArrayList<>(), cancellation)))
                .isInstanceOf(GenerationCanceled.class);
    }

    @Test
    void aCanceledRunEndsSoonAndLeavesTheEngineUsable() throws Exception {
        var cancellation = new Cancellation();
        var inProgress = new CountDownLatch(1);
        var canceled = CompletableFuture.supplyAsync(() -> engine().generate(
                        slowRequest(),
                        new GenerationRun("a job", 1, (phase, step, steps) -> inProgress.countDown(), cancellation)));
        awaitUnderWay(inProgress);

        cancellation.request();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> canceled.get(5, TimeUnit.SECONDS))
                .withCauseInstanceOf(GenerationCanceled.class);
        assertThat(engine().generate(request(1, 42), run())).hasSize(1);
    }

    @Test
    void parallelRunsGiveTheSameImagesAsSingleRuns() throws Exception {
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

    /** A run without progress listener that is not canceled. */
    protected static GenerationRun run() {
        return run(new ArrayList<>(), new Cancellation());
    }

    /** A run whose progress is recorded. */
    protected static GenerationRun run(List<Step> reported, Cancellation cancellation) {
        return new GenerationRun(
                "a job", 1, (phase, step, steps) -> reported.add(new Step(phase, step, steps)), cancellation);
    }

    /** The colours of an image, row by row. */
    protected static List<Integer> pixels(GeneratedImage generated) {
        var image = generated.pixels().raster().toBufferedImage();
        var pixels = new ArrayList<Integer>();
        for (int argb : image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
            pixels.add(argb);
        }
        return pixels;
    }

    /** One report of progress. */
    protected record Step(String phase, int step, int steps) {}
}
