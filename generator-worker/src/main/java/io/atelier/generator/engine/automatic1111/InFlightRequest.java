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
 * One request that the server works on. Another thread waits for the response, while the thread in {@link #await} polls the progress and, after
 * a cancellation, interrupts the server and waits for the response. Closing the connection would not stop the server. Not thread-safe.
 */
final class InFlightRequest {

    private static final String PHASE = "denoise";

    private final ProgressPoller poller;
    private final Server settings;
    private final GenerationRun run;
    private final int steps;

    /** Ends the HTTP call, whatever the server does. */
    private final Cancellation hangUp = new Cancellation();

    private boolean isGenerating;
    private int reportedSteps;

    /** @param steps the total number of steps in progress reports */
    InFlightRequest(ProgressPoller poller, Server settings, GenerationRun run, int steps) {
        this.poller = poller;
        this.settings = settings;
        this.run = run;
        this.steps = steps;
    }

    /**
     * Makes the call and blocks until its result is there.
     *
     * @param call makes the HTTP call with the given run, whose cancellation ends the call
     * @param threads runs the call
     * @throws GenerationCanceled if the run is canceled; by then the server has stopped, or has exceeded its stop timeout
     */
    Txt2ImgResult await(Function<GenerationRun, Txt2ImgResult> call, Executor threads) {
        report(0);
        var response = CompletableFuture.supplyAsync(() -> call.apply(run.withoutProgress(hangUp)), threads);
        var canceled = new CompletableFuture<Void>();
        var registration = run.cancellation().onRequest(() -> canceled.complete(null));
        try {
            reportUntil(response, CompletableFuture.anyOf(response, canceled));
            if (run.cancellation().requested()) {
                stop(response);
                throw new GenerationCanceled();
            }
            var result = result(response);
            report(1);
            return result;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interruptIfGenerating();
            throw new GenerationCanceled();
        } finally {
            registration.close();
            hangUp.request();
        }
    }

    /** Reports progress until the response is there or the run is canceled. */
    private void reportUntil(CompletableFuture<Txt2ImgResult> response, CompletableFuture<?> end)
            throws InterruptedException {
        var pollCancellation = new Cancellation();
        var unused = end.whenComplete((value, thrown) -> pollCancellation.request());
        while (!isDone(end, settings.pollInterval()) && !response.isDone()) {
            try {
                report(poll(pollCancellation).fraction());
            } catch (GenerationCanceled e) {
                // Either the end is reached, or this thread was interrupted; then the next wait throws.
            }
        }
    }

    /** Interrupts the server repeatedly, because it forgets an interrupt that arrives before the request has begun. */
    private void stop(CompletableFuture<Txt2ImgResult> response) throws InterruptedException {
        var pollCancellation = new Cancellation();
        var unused = response.whenComplete((value, thrown) -> pollCancellation.request());
        var timeout = CompletableFuture.delayedExecutor(settings.stopTimeout().toNanos(), TimeUnit.NANOSECONDS);
        timeout.execute(pollCancellation::request);
        while (!response.isDone() && !pollCancellation.requested()) {
            try {
                poll(pollCancellation);
                interruptIfGenerating();
            } catch (GenerationCanceled e) {
                continue;
            }
            if (isDone(response, settings.pollInterval())) {
                return;
            }
        }
    }

    private ProgressPoller.Progress poll(Cancellation cancellation) {
        var progress = poller.poll(run.withoutProgress(cancellation));
        isGenerating = progress.isGenerating();
        return progress;
    }

    /** An interrupt stops the server's current request, which may be another client's. */
    private void interruptIfGenerating() {
        if (isGenerating) {
            poller.interrupt();
        }
    }

    private Txt2ImgResult result(CompletableFuture<Txt2ImgResult> response) {
        try {
            return response.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof GenerationFailed failed) {
                if (failed.failure().code() == Code.PROVIDER_TIMEOUT) {
                    // The server cannot know that the call has timed out.
                    interruptIfGenerating();
                }
                throw failed;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void report(double fraction) {
        reportedSteps = Math.max(reportedSteps, (int) (fraction * steps));
        run.progress().at(PHASE, reportedSteps, steps);
    }

    private static boolean isDone(CompletableFuture<?> future, Duration timeout) throws InterruptedException {
        try {
            future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
