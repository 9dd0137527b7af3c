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
import java.util.function.Predicate;

/**
 * Generates images as one worker of a pool. A model that cannot be used ends the task for good, but not while another worker has it: then the task is tried
 * again, and its next attempt goes there. Thread-safe.
 */
final class PooledGenerator implements TaskLogic<GenerationRequested> {

    private final TaskLogic<GenerationRequested> generator;
    private final Predicate<GenerationRequest> isPossibleElsewhere;

    /** @param isPossibleElsewhere whether another worker has the model of a request */
    PooledGenerator(TaskLogic<GenerationRequested> generator, Predicate<GenerationRequest> isPossibleElsewhere) {
        this.generator = generator;
        this.isPossibleElsewhere = isPossibleElsewhere;
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
            throw isOfThisWorker && isPossibleElsewhere.test(task.request()) ? retried(e) : e;
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
