package io.atelier.messaging.worker;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.messaging.Samples;
import io.atelier.messaging.lease.Lease;
import java.util.List;
import java.util.Optional;

/** Work that goes as the test says. Expects {@link UnsupportedOperationException} and nothing else. */
final class ScriptedWork implements TaskWork<GenerationRequested> {

    static final Made MADE = new Made(List.of(Samples.IMAGE), List.of(), 7L);

    private final Script script;

    ScriptedWork(Script script) {
        this.script = script;
    }

    @Override
    public Attempt attempt(Lease<GenerationRequested> lease) {
        return new Attempt(lease.order().job(), lease.order().task(), lease.attempt(), Samples.WORKER, "scripted");
    }

    @Override
    public Made make(GenerationRequested order, TaskRun run) throws InterruptedException {
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
        Made play(TaskRun run) throws InterruptedException;
    }
}
