package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.DeadlinePassed;
import io.atelier.contract.job.JobEvent.EraseRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.Released;
import io.atelier.contract.job.JobEvent.TaskCanceled;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.JobEventVisitor;
import java.util.List;

/**
 * Removes personal data from an event of an erased job: the client's texts, messages that can quote them, and the keys of images and stored texts. The remaining
 * events result in the same statuses and versions.
 */
final class Redaction implements JobEventVisitor<JobEvent> {

    private static final String ERASED_MESSAGE = "The message was erased with the job.";

    @Override
    public JobEvent requested(GenerationRequested event) {
        return new GenerationRequested(
                event.job(),
                event.task(),
                event.attempt(),
                event.maxAttempts(),
                event.at(),
                event.notBefore(),
                event.request().redacted(),
                event.step());
    }

    @Override
    public JobEvent succeeded(TaskSucceeded event) {
        return new TaskSucceeded(
                event.job(),
                event.task(),
                event.attempt(),
                event.at(),
                event.worker(),
                List.of(),
                List.of(),
                event.engineMillis(),
                event.enhancement() == null ? null : event.enhancement().redacted(),
                event.providerCalls(),
                List.of(),
                event.providerUsage(),
                event.startedAt(),
                null);
    }

    @Override
    public JobEvent failed(TaskFailed event) {
        var failure = event.failure();
        return new TaskFailed(
                event.job(),
                event.task(),
                event.attempt(),
                event.at(),
                event.worker(),
                new Failure(failure.code(), ERASED_MESSAGE, failure.providerStatus()),
                event.providerCalls(),
                event.providerUsage(),
                event.startedAt());
    }

    @Override
    public JobEvent cancelRequested(CancelRequested event) {
        return new CancelRequested(event.job(), event.at(), event.by(), null, event.grace());
    }

    @Override
    public JobEvent started(TaskStarted event) {
        return event;
    }

    @Override
    public JobEvent canceled(TaskCanceled event) {
        return event;
    }

    @Override
    public JobEvent eraseRequested(EraseRequested event) {
        return event;
    }

    @Override
    public JobEvent released(Released event) {
        return event;
    }

    @Override
    public JobEvent deadlinePassed(DeadlinePassed event) {
        return event;
    }
}
