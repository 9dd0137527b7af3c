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
 * Rewrites the prompt of a task before the engine runs, if the client requested it. No job fails because of it: if the prompt cannot be
 * rewritten, the original one is used. Thread-safe.
 */
public final class PromptStage {

    private static final Logger log = LoggerFactory.getLogger(PromptStage.class);
    private static final String PHASE = "enhance";

    private final PromptEnhancer enhancer;
    private final PromptRewriteRepository rewrites;
    private final StoreRetry storeRetry;

    /** @param storeRetry for calls of an object store that is down */
    public PromptStage(PromptEnhancer enhancer, ObjectStore store, StoreRetry storeRetry) {
        this.enhancer = enhancer;
        this.rewrites = new PromptRewriteRepository(store);
        this.storeRetry = storeRetry;
    }

    /**
     * Finds the result that an earlier attempt stored; empty if there is none, or if the client did not request a rewrite.
     *
     * @throws ObjectStoreFailed if the object store cannot be read
     */
    public Optional<PromptRewrite> findStored(GenerationRequested task, TaskContext context)
            throws InterruptedException {
        return isRequested(task.request())
                ? storeRetry.call(() -> rewrites.find(task), context::waitForStore)
                : Optional.empty();
    }

    /**
     * Rewrites the prompt, or finds the result of an earlier attempt. The result is stored when this method returns.
     *
     * @return empty if the client did not request a rewrite
     * @throws ObjectStoreFailed if the object store did not accept the result
     * @throws TaskInterrupted if the job was canceled
     */
    public Optional<PromptRewrite> prepare(GenerationRequested task, TaskContext context) throws InterruptedException {
        if (!isRequested(task.request())) {
            return Optional.empty();
        }
        var known = findStored(task, context);
        if (known.isPresent()) {
            return known;
        }
        context.reportStart();
        context.progress(PHASE, 0, 1);
        var rewrite = rewrite(task, context);
        context.progress(PHASE, 1, 1);
        return Optional.of(storeRetry.call(() -> rewrites.store(task, rewrite), context::waitForStore));
    }

    private static boolean isRequested(GenerationRequest request) {
        return request.enhance() == Enhance.ON || request.enhance() == Enhance.AUTO;
    }

    private PromptRewrite rewrite(GenerationRequested task, TaskContext context) throws InterruptedException {
        var attempt = context.attempt();
        var run = new GenerationRun(
                task.job().value(), attempt.number(), (phase, step, steps) -> {}, context.cancellation());
        long start = System.nanoTime();
        try {
            var prompt = enhancer.enhance(task.request().prompt(), run);
            return PromptRewrite.of(enhancer, prompt, millisSince(start));
        } catch (GenerationCanceled e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new TaskInterrupted();
        } catch (GenerationFailed e) {
            var failure = e.failure();
            log.info(
                    "{}: prompt not rewritten, using the original one: {}",
                    attempt,
                    failure.code().word());
            return PromptRewrite.failed(failure.message(), millisSince(start));
        } catch (RuntimeException e) {
            log.warn("{}: prompt not rewritten, using the original one", attempt, e);
            return PromptRewrite.failed("The enhancer failed unexpectedly.", millisSince(start));
        }
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
