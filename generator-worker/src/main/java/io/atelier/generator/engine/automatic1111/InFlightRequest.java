package io.atelier.generator.engine.automatic1111;

import io.atelier.contract.job.Failure.Code;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.engine.automatic1111.Automatic1111Properties.Server;
import io.atelier.worker.cancellation.Cancellation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The time in which the server draws one request: another thread waits for the answer, this one asks for progress and, when it is told to
 * stop, has the server stop and waits for the answer then. Closing the connection would not stop it.
 */
final class InFlightRequest {

    private static final String PHASE = "denoise";

    private final ProgressPoller watch;
    private final Server settings;
    private final GenerationRun run;
    private final int steps;

    /** Ends the call itself, whatever the server does. */
    private final Cancellation hangUp = new Cancellation();

    private boolean drawing;
    private int done;

    /** @param steps as how many the progress is told */
    InFlightRequest(ProgressPoller watch, Server settings, GenerationRun run, int steps) {
        this.watch = watch;
        this.settings = settings;
        this.run = run;
        this.steps = steps;
    }

    /**
     * What the call gives.
     *
     * @param call makes the call; it may be stopped by the run that it is given
     * @param calls where it runs
     */
    Txt2ImgResult await(Function<GenerationRun, Txt2ImgResult> call, Executor calls) {
        tell(0);
        var answer = CompletableFuture.supplyAsync(() -> call.apply(quiet(hangUp)), calls);
        var told = new CompletableFuture<Void>();
        var listening = run.cancellation().onRequest(() -> told.complete(null));
        try {
            follow(answer, CompletableFuture.anyOf(answer, told));
            if (run.cancellation().requested()) {
                stop(answer);
                throw new GenerationCanceled();
            }
            var drawn = result(answer);
            tell(1);
            return drawn;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interrupt();
            throw new GenerationCanceled();
        } finally {
            listening.close();
            hangUp.request();
        }
    }

    /** Tells progress until the answer is there, or the run is to stop. */
    private void follow(CompletableFuture<Txt2ImgResult> answer, CompletableFuture<?> end) throws InterruptedException {
        var asking = new Cancellation();
        var unused = end.whenComplete((value, thrown) -> asking.request());
        while (!isDone(end, settings.pollInterval()) && !answer.isDone()) {
            try {
                tell(look(asking).fraction());
            } catch (GenerationCanceled e) {
                // The wait is over; or this thread was interrupted, and the next wait tells.
            }
        }
    }

    /** Has the server stop, again and again: it forgets what it was told before it began. */
    private void stop(CompletableFuture<Txt2ImgResult> answer) throws InterruptedException {
        var asking = new Cancellation();
        var unused = answer.whenComplete((value, thrown) -> asking.request());
        var late = CompletableFuture.delayedExecutor(settings.stopTimeout().toNanos(), TimeUnit.NANOSECONDS);
        late.execute(asking::request);
        while (!answer.isDone() && !asking.requested()) {
            try {
                look(asking);
                interrupt();
            } catch (GenerationCanceled e) {
                continue;
            }
            if (isDone(answer, settings.pollInterval())) {
                return;
            }
        }
    }

    private ProgressPoller.Standing look(Cancellation end) {
        var standing = watch.look(quiet(end));
        drawing = standing.drawing();
        return standing;
    }

    /** Only if it is this request that the server draws. */
    private void interrupt() {
        if (drawing) {
            watch.interrupt();
        }
    }

    private Txt2ImgResult result(CompletableFuture<Txt2ImgResult> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof GenerationFailed failed) {
                if (failed.failure().code() == Code.PROVIDER_TIMEOUT) {
                    // Nobody waits for it any more, but the server does not know that.
                    interrupt();
                }
                throw failed;
            }
            throw e.getCause() instanceof RuntimeException broken ? broken : e;
        }
    }

    private void tell(double fraction) {
        done = Math.max(done, (int) (fraction * steps));
        run.progress().at(PHASE, done, steps);
    }

    private static boolean isDone(CompletableFuture<?> future, Duration within) throws InterruptedException {
        try {
            future.get(within.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** A run for calls beside this one: it has its own end, and nobody hears of its progress. */
    private GenerationRun quiet(Cancellation end) {
        return new GenerationRun(run.jobId(), run.attempt(), (phase, step, all) -> {}, end);
    }
}
