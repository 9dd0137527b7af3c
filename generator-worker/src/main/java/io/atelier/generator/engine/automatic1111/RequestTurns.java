package io.atelier.generator.engine.automatic1111;

import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.generator.provider.TransportFailures;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets one run at a time to the server, in the order in which they came; a run that is told to stop need not wait. Thread-safe. */
final class RequestTurns {

    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private boolean taken;

    /**
     * Waits for a turn; {@link #end} it.
     *
     * @throws GenerationCanceled if the run was told to stop while it waited
     */
    void take(GenerationRun run, Duration longest) {
        var mine = draw();
        var told = run.cancellation().onRequest(() -> mine.cancel(false));
        try {
            mine.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (CancellationException e) {
            throw new GenerationCanceled();
        } catch (TimeoutException e) {
            leave(mine);
            throw TransportFailures.timeout(longest, e);
        } catch (InterruptedException e) {
            leave(mine);
            Thread.currentThread().interrupt();
            throw new GenerationCanceled();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            told.close();
        }
    }

    synchronized void end() {
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            if (next.complete(null)) {
                return;
            }
        }
        taken = false;
    }

    private synchronized CompletableFuture<Void> draw() {
        var turn = new CompletableFuture<Void>();
        if (taken) {
            waiting.add(turn);
        } else {
            taken = true;
            turn.complete(null);
        }
        return turn;
    }

    private void leave(CompletableFuture<Void> mine) {
        if (!mine.cancel(false)) {
            // It came just now.
            end();
        }
    }
}
