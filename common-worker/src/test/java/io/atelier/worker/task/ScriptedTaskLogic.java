package io.atelier.worker.task;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.Samples;
import io.atelier.worker.lease.Lease;
import java.util.List;
import java.util.Optional;

/** Runs a function of the test. Translates {@link UnsupportedOperationException} into a failure, and no other exception. */
final class ScriptedTaskLogic implements TaskLogic<GenerationRequested> {

    static final TaskOutput OUTPUT = new TaskOutput(List.of(Samples.IMAGE), List.of(), 7L);

    private final Script script;

    ScriptedTaskLogic(Script script) {
        this.script = script;
    }

    @Override
    public TaskAttempt attempt(Lease<GenerationRequested> lease) {
        return new TaskAttempt(lease.task().job(), lease.task().task(), lease.attempt(), Samples.WORKER, "scripted");
    }

    @Override
    public TaskOutput run(GenerationRequested task, TaskContext context) throws InterruptedException {
        return script.run(context);
    }

    @Override
    public Optional<Failure> failure(RuntimeException thrown) {
        return thrown instanceof UnsupportedOperationException
                ? Optional.of(new Failure(Failure.Code.REQUEST_REJECTED, "Unsupported."))
                : Optional.empty();
    }

    /** The function that is run. */
    @FunctionalInterface
    interface Script {
        TaskOutput run(TaskContext context) throws InterruptedException;
    }
}
