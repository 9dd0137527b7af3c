package io.atelier.generator;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.worker.lease.Lease;
import io.atelier.worker.task.TaskAttempt;
import io.atelier.worker.task.TaskContext;
import io.atelier.worker.task.TaskLogic;
import io.atelier.worker.task.TaskOutput;
import java.util.Optional;

/**
 * Generates images as one worker of a pool. A model that cannot be used ends the task for good, but not while another worker has it: then the task is tried
 * again, and its next attempt goes there. Thread-safe.
 */
final class PooledGenerator implements TaskLogic<GenerationRequested> {

    private final TaskLogic<GenerationRequested> generator;
    private final Placement placement;

    /** @param placement asked after a failure that is a matter of this worker's model */
    PooledGenerator(TaskLogic<GenerationRequested> generator, Placement placement) {
        this.generator = generator;
        this.placement = placement;
    }

    /** Knows the models of all workers. */
    @FunctionalInterface
    interface Placement {

        /** Whether other workers can do a request, and this one cannot. May wait. */
        boolean isPossibleOnlyElsewhere(GenerationRequest request) throws InterruptedException;
    }

    @Override
    public TaskAttempt attempt(Lease<GenerationRequested> lease) {
        return generator.attempt(lease);
    }

    @Override
    public TaskOutput run(GenerationRequested task, TaskContext context) throws InterruptedException {
        try {
            return generator.run(task, context);
        } catch (GenerationFailed e) {
            boolean isOfThisWorker = e.failure().code() == Code.NOT_CONFIGURED;
            throw isOfThisWorker && placement.isPossibleOnlyElsewhere(task.request()) ? retried(e) : e;
        }
    }

    @Override
    public Optional<Failure> failure(RuntimeException thrown) {
        return generator.failure(thrown);
    }

    private static GenerationFailed retried(GenerationFailed cause) {
        var message = cause.failure().message() + " Another worker has the model, and is tried next.";
        return new GenerationFailed(new Failure(Code.ENGINE_UNAVAILABLE, message), cause);
    }
}
