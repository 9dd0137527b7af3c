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
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Draws colour cards at once, without a model: for tests and drills. Words in the prompt make it slow, failing or deadly ({@link FaultScript}).
 */
public final class TestCardEngine implements GenerationEngine {

    public static final String NAME = "test-card";

    private static final int LONGEST_SIDE = 4096;
    private static final int STEPS = 10;
    private static final int EXIT_STATUS = 86;

    private final Runnable exit;

    public TestCardEngine() {
        this(() -> Runtime.getRuntime().halt(EXIT_STATUS));
    }

    /** @param exit what the word {@code exit} does */
    TestCardEngine(Runnable exit) {
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
        return EnumSet.complementOf(EnumSet.of(Capability.EDIT));
    }

    @Override
    public List<GeneratedImage> generate(GenerationRequest request, GenerationRun run) {
        var drill = FaultScript.in(request.prompt());
        check(request.size());
        pretend(request, run, drill.delay());
        ignore(drill);
        if (run.attempt() <= drill.failingAttempts()) {
            fail(drill, run.attempt());
        }
        return IntStream.range(0, request.n())
                .mapToObj(index -> draw(request, drill, request.seed() + index))
                .toList();
    }

    private static void check(ImageSize size) {
        if (size.width() > LONGEST_SIDE || size.height() > LONGEST_SIDE) {
            throw new GenerationFailed(new Failure(
                    Failure.Code.REQUEST_REJECTED,
                    "The test card is at most " + LONGEST_SIDE + " pixels wide and high; " + size + " was asked for."));
        }
    }

    /** Takes the steps that a model would take, and the time that the prompt asks for. */
    private static void pretend(GenerationRequest request, GenerationRun run, Duration delay) {
        var canceled = new CountDownLatch(1);
        var registration = run.cancellation().onRequest(canceled::countDown);
        try {
            int steps = request.steps() == null ? STEPS : request.steps();
            var pause = delay.dividedBy(Math.max(1, steps));
            run.progress().at("denoise", 0, steps);
            for (int step = 1; step <= steps; step++) {
                if (canceled.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
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

    /** Goes on like an engine that does not hear what it is told. */
    private static void ignore(FaultScript drill) {
        long end = System.nanoTime() + drill.deaf().toNanos();
        boolean interrupted = false;
        for (long left = drill.deaf().toNanos(); left > 0; left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.sleep(left);
            } catch (InterruptedException e) {
                interrupted = true;
                if (!drill.numb()) {
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new GenerationCanceled();
        }
    }

    private void fail(FaultScript drill, int attempt) {
        if (drill.exit()) {
            exit.run();
        }
        if (drill.failure() != null) {
            throw new GenerationFailed(
                    new Failure(drill.failure(), "The prompt told the test card to fail attempt " + attempt + "."));
        }
    }

    private static GeneratedImage draw(GenerationRequest request, FaultScript drill, long seed) {
        int width = request.size().width();
        int height = request.size().height();
        var pixels = drill.rows() * drill.cols() > 1
                ? TestCard.grid(width, height, request.prompt(), seed, drill.rows(), drill.cols())
                : TestCard.plain(width, height, request.prompt(), seed);
        return new GeneratedImage(pixels, seed, Map.of());
    }
}
