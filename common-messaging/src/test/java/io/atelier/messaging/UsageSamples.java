package io.atelier.messaging;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.ImageOptions;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.ProviderUsage;
import java.util.List;

/** Samples of a job that sets parameters of its model, whose model was replaced, and whose provider says what it used. */
final class UsageSamples {

    private static final ProviderUsage USAGE = new ProviderUsage(
            362L,
            new ProviderUsage.Tokens(39L, 323L, 128L),
            4_160L,
            new ProviderUsage.Tokens(0L, 4_160L, 0L),
            1L,
            6.25);

    private UsageSamples() {}

    static JobEvent.GenerationRequested requested() {
        var edit = EditSamples.requested();
        return edit.with(withOptions(edit.request()));
    }

    static List<JobEvent> reports() {
        return ProviderCallSamples.reports().stream()
                .map(UsageSamples::withUsage)
                .toList();
    }

    static List<GenerationEvent> events() {
        return EventVariants.of(FullSamples.events(), UsageSamples::withOptions, UsageSamples::withUsage);
    }

    static Job job() {
        return withUsage(FullSamples.job());
    }

    private static GenerationRequest withOptions(GenerationRequest request) {
        return request.toBuilder()
                .options(new ImageOptions("high", "transparent", "low", "high", "euler"))
                .warnings(List.of(new Job.Warning("model-replaced", "The model was shut down.", null)))
                .build();
    }

    private static JobEvent withUsage(JobEvent report) {
        if (report instanceof JobEvent.TaskSucceeded e) {
            return new JobEvent.TaskSucceeded(
                    e.job(),
                    e.task(),
                    e.attempt(),
                    e.at(),
                    e.worker(),
                    e.images(),
                    e.warnings(),
                    e.engineMillis(),
                    e.enhancement(),
                    e.providerCalls(),
                    e.grids(),
                    USAGE,
                    null,
                    null);
        }
        if (report instanceof JobEvent.TaskFailed e) {
            return new JobEvent.TaskFailed(
                    e.job(), e.task(), e.attempt(), e.at(), e.worker(), e.failure(), e.providerCalls(), USAGE, null);
        }
        var e = (JobEvent.TaskCanceled) report;
        return new JobEvent.TaskCanceled(
                e.job(),
                e.task(),
                e.attempt(),
                e.at(),
                e.worker(),
                e.freedAfterMillis(),
                e.freedBy(),
                e.providerCalls(),
                USAGE,
                null);
    }

    private static Job withUsage(Job job) {
        var errors = job.lastErrors().stream()
                .map(each -> new Job.AttemptFailure(
                        each.task(), each.attempt(), each.at(), each.failure(), 1, ProviderUsage.ofImages(1)))
                .toList();
        return EventVariants.with(job, withOptions(job.request()), errors, 2, USAGE);
    }
}
