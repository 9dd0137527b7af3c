package io.atelier.messaging;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import java.util.List;

/** The full samples of the records that can have numbers of provider calls, with these numbers. */
final class ProviderCallSamples {

    private static final int CALLS = 3;

    private ProviderCallSamples() {}

    static List<JobEvent> reports() {
        var succeeded = FullSamples.succeeded();
        var failed = FullSamples.failed();
        var canceled = Samples.canceled();
        return List.of(
                new JobEvent.TaskSucceeded(
                        succeeded.job(),
                        succeeded.task(),
                        succeeded.attempt(),
                        succeeded.at(),
                        succeeded.worker(),
                        succeeded.images(),
                        succeeded.warnings(),
                        succeeded.engineMillis(),
                        succeeded.enhancement(),
                        CALLS,
                        succeeded.grids(),
                        null,
                        null,
                        null),
                new JobEvent.TaskFailed(
                        failed.job(),
                        failed.task(),
                        failed.attempt(),
                        failed.at(),
                        failed.worker(),
                        failed.failure(),
                        CALLS,
                        null,
                        null),
                new JobEvent.TaskCanceled(
                        canceled.job(),
                        canceled.task(),
                        canceled.attempt(),
                        canceled.at(),
                        canceled.worker(),
                        canceled.freedAfterMillis(),
                        canceled.freedBy(),
                        CALLS,
                        null,
                        null));
    }

    static List<GenerationEvent> events() {
        return EventVariants.of(FullSamples.events(), ProviderCallSamples::withCalls);
    }

    static Job job() {
        return withCalls(FullSamples.job());
    }

    private static Job withCalls(Job job) {
        var errors = job.lastErrors().stream()
                .map(each -> new Job.AttemptFailure(each.task(), each.attempt(), each.at(), each.failure(), CALLS))
                .toList();
        return EventVariants.with(job, job.request(), errors, CALLS + 1, null);
    }
}
