package io.atelier.generator.engine.testcard;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.generator.engine.Capability;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationEngine;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.SourceImages;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Engine {@code test-card}: generates colour cards without a model, and draws them over source images, for tests and exercises. If that is allowed, words in the prompt
 * make a run slow, fail or end the process, see {@link FaultScript}. Avatars without a model that could edit use it as a demonstration: it makes their grids of their base image.
 * Thread-safe.
 */
public final class TestCardEngine implements GenerationEngine {

    public static final String NAME = "test-card";

    private static final int MAX_SIDE = 4096;
    private static final int STEPS = 10;
    private static final int EXIT_STATUS = 86;

    /** What the card of an avatar says in place of the prompt, which is personal and would end up in public images. */
    private static final String AVATAR = "avatar";

    private final boolean obeysWords;
    private final Runnable exit;

    /** @param obeysWords whether words in prompts are obeyed; clients can end the process then */
    public TestCardEngine(boolean obeysWords) {
        this(obeysWords, () -> Runtime.getRuntime().halt(EXIT_STATUS));
    }

    /** @param exit called for the word {@code exit} */
    TestCardEngine(boolean obeysWords, Runnable exit) {
        this.obeysWords = obeysWords;
        this.exit = exit;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.allOf(Capability.class);
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        return generate(request, run, card -> card);
    }

    /** Draws the card over the first source image, so that both can be seen. The grid of an avatar shows the source image four times. */
    @Override
    public List<GeneratedImage> edit(GenerationRequest request, SourceImages sources, GenerationRun run) {
        var edit = TestCardEdit.of(sources, request.strength());
        boolean isAvatarGrid = request.avatar() != null && request.grid() != null;
        return generate(
                request,
                run,
                isAvatarGrid
                        ? card ->
                                DemonstrationGrid.draw(edit.first(), card.getWidth(), card.getHeight(), request.seed())
                        : edit::under);
    }

    private List<GeneratedImage> generate(
            GenerationRequest request, GenerationRun run, UnaryOperator<BufferedImage> finish) {
        var script = obeysWords ? FaultScript.parse(request.prompt()) : FaultScript.NONE;
        check(request.size());
        simulateSteps(request, run, script.delay());
        ignoreCancellation(script);
        if (run.attempt() <= script.failingAttempts()) {
            fail(script, run.attempt());
        }
        return IntStream.range(0, request.n())
                .mapToObj(index -> generate(request, script, request.seed() + index, finish))
                .toList();
    }

    private static void check(ImageSize size) {
        if (size.width() > MAX_SIDE || size.height() > MAX_SIDE) {
            throw new GenerationFailed(new Failure(
                    Failure.Code.REQUEST_REJECTED,
                    "The test card is at most " + MAX_SIDE + " pixels wide and high; got " + size + "."));
        }
    }

    /** Reports the steps that a model would take, over the delay of the script. */
    private static void simulateSteps(GenerationRequest request, GenerationRun run, Duration delay) {
        var canceled = new CountDownLatch(1);
        var registration = run.cancellation().onRequest(canceled::countDown);
        try {
            int steps = request.steps() == null ? STEPS : request.steps();
            var interval = delay.dividedBy(Math.max(1, steps));
            run.progress().at("denoise", 0, steps);
            for (int step = 1; step <= steps; step++) {
                if (canceled.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new GenerationCanceled();
                }
                run.progress().at("denoise", step, steps);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenerationCanceled();
        } finally {
            registration.close();
        }
    }

    /** Behaves like an engine that does not react to cancellation. */
    private static void ignoreCancellation(FaultScript script) {
        long end = System.nanoTime() + script.unresponsive().toNanos();
        boolean interrupted = false;
        for (long left = script.unresponsive().toNanos(); left > 0; left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.sleep(left);
            } catch (InterruptedException e) {
                interrupted = true;
                if (!script.ignoresInterrupts()) {
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new GenerationCanceled();
        }
    }

    private void fail(FaultScript script, int attempt) {
        if (script.exit()) {
            exit.run();
        }
        if (script.failure() != null) {
            throw new GenerationFailed(
                    new Failure(script.failure(), "The prompt makes attempt " + attempt + " of the test card fail."));
        }
    }

    private static GeneratedImage generate(
            GenerationRequest request, FaultScript script, long seed, UnaryOperator<BufferedImage> finish) {
        int width = request.size().width();
        int height = request.size().height();
        var text = request.avatar() == null ? request.prompt() : AVATAR;
        var pixels = script.grid().hasTiles()
                ? TestCard.grid(
                        width,
                        height,
                        text,
                        seed,
                        script.grid().rows(),
                        script.grid().cols())
                : TestCard.plain(width, height, text, seed);
        return new GeneratedImage(finish.apply(pixels), seed, Map.of());
    }
}
