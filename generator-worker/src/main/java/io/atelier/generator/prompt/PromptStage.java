package io.atelier.generator.prompt;

import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Enhance;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.generator.engine.GenerationCanceled;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import io.atelier.storage.ObjectStore;
import io.atelier.storage.ObjectStoreFailed;
import io.atelier.worker.engine.TaskInterrupted;
import io.atelier.worker.store.StoreRetry;
import io.atelier.worker.task.TaskContext;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to a prompt before it is drawn. No job fails because of it: a prompt that cannot be bettered is drawn as it is. Thread-safe.
 */
public final class PromptStage {

    private static final Logger log = LoggerFactory.getLogger(PromptStage.class);
    private static final String PHASE = "enhance";

    private final PromptEnhancer enhancer;
    private final PromptRewriteRepository notes;
    private final StoreRetry patience;

    /** @param patience with a store that is down */
    public PromptStage(PromptEnhancer enhancer, ObjectStore store, StoreRetry patience) {
        this.enhancer = enhancer;
        this.notes = new PromptRewriteRepository(store);
        this.patience = patience;
    }

    /**
     * What came of the order's prompt at an earlier delivery; empty if nothing was to come of it, or nothing is known.
     *
     * @throws ObjectStoreFailed if the store cannot tell
     */
    public Optional<PromptRewrite> cancellationRequest(GenerationRequested order, TaskContext run)
            throws InterruptedException {
        return isWanted(order.request())
                ? patience.insist(() -> notes.find(order), run::waitForStore)
                : Optional.empty();
    }

    /**
     * What is to be drawn; empty if it is the prompt as it is, and nobody wanted another one. Kept when this returns.
     *
     * @throws ObjectStoreFailed if the store does not keep it
     * @throws TaskInterrupted if the job was canceled meanwhile
     */
    public Optional<PromptRewrite> prepare(GenerationRequested order, TaskContext run) throws InterruptedException {
        if (!isWanted(order.request())) {
            return Optional.empty();
        }
        var known = cancellationRequest(order, run);
        if (known.isPresent()) {
            return known;
        }
        run.progress(PHASE, 0, 1);
        var note = enhance(order, run);
        run.progress(PHASE, 1, 1);
        return Optional.of(patience.insist(() -> notes.keep(order, note), run::waitForStore));
    }

    private static boolean isWanted(GenerationRequest request) {
        return request.enhance() == Enhance.ON || request.enhance() == Enhance.AUTO;
    }

    private PromptRewrite enhance(GenerationRequested order, TaskContext run) throws InterruptedException {
        var attempt = run.attempt();
        var asking = new GenerationRun(
                order.job().value(), attempt.number(), (phase, step, steps) -> {}, run.cancellation());
        long start = System.nanoTime();
        try {
            var prompt = enhancer.enhance(order.request().prompt(), asking);
            return PromptRewrite.of(enhancer, prompt, millisSince(start));
        } catch (GenerationCanceled e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new TaskInterrupted();
        } catch (GenerationFailed e) {
            var failure = e.failure();
            log.info(
                    "{}: the prompt is drawn as it is: {}",
                    attempt,
                    failure.code().word());
            return PromptRewrite.ofNobody(failure.message(), millisSince(start));
        } catch (RuntimeException e) {
            log.warn("{}: the prompt is drawn as it is", attempt, e);
            return PromptRewrite.ofNobody("The enhancer broke unexpectedly.", millisSince(start));
        }
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
