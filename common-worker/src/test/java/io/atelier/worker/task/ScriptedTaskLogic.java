package io.atelier.worker.task;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.Samples;
import io.atelier.worker.lease.Lease;
import java.util.List;
import java.util.Optional;

/** Work that goes as the test says. Expects {@link UnsupportedOperationException} and nothing else. */
final class ScriptedTaskLogic implements TaskLogic<GenerationRequested> {

    static final TaskOutput MADE = new TaskOutput(List.of(Samples.IMAGE), List.of(), 7L);

    private final Script script;

    ScriptedTaskLogic(Script script) {
        this.script = script;
    }

    @Override
    public TaskAttempt attempt(Lease<GenerationRequested> lease) {
        return new TaskAttempt(lease.order().job(), lease.order().task(), lease.attempt(), Samples.WORKER, "scripted");
    }

    @Override
    public TaskOutput make(GenerationRequested order, TaskContext run) throws InterruptedException {
        return script.play(run);
    }

    @Override
    public Optional<Failure> failure(RuntimeException thrown) {
        return thrown instanceof UnsupportedOperationException
                ? Optional.of(new Failure(Failure.Code.REQUEST_REJECTED, "Unsupported."))
                : Optional.empty();
    }

    /** What happens in the work. */
    @FunctionalInterface
    interface Script {
        TaskOutput play(TaskContext run) throws InterruptedException;
    }
}
