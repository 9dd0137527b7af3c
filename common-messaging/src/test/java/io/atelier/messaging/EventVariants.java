package io.atelier.messaging;

import io.atelier.contract.job.GenerationEvent;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.ProviderUsage;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Sample events with another request or job. */
final class EventVariants {

    private EventVariants() {}

    /** The events that contain a request or a job, with a changed one. */
    static List<GenerationEvent> of(
            List<GenerationEvent> events, UnaryOperator<GenerationRequest> request, UnaryOperator<Job> job) {
        return events.stream()
                .flatMap(event -> event instanceof GenerationEvent.Accepted e
                        ? Optional.<GenerationEvent>of(new GenerationEvent.Accepted(
                                        e.id(), e.version(), e.status(), e.stage(), e.at(), request.apply(e.request())))
                                .stream()
                        : withJob(event, job).stream())
                .toList();
    }

    /** The events that contain a job, with a changed one. */
    static List<GenerationEvent> of(List<GenerationEvent> events, UnaryOperator<Job> job) {
        return events.stream().flatMap(event -> withJob(event, job).stream()).toList();
    }

    /** The job with another request. */
    static Job withRequest(Job job, GenerationRequest request) {
        return with(job, request, job.lastErrors(), job.providerCalls(), job.providerUsage());
    }

    /** The job with another request, and with other failures, calls and usage of providers. */
    static Job with(
            Job job,
            GenerationRequest request,
            List<Job.AttemptFailure> errors,
            @Nullable Integer calls,
            @Nullable ProviderUsage usage) {
        return new Job(
                job.id(),
                job.version(),
                job.status(),
                job.stage(),
                job.createdAt(),
                job.startedAt(),
                job.completedAt(),
                job.attempt(),
                job.maxAttempts(),
                request,
                job.worker(),
                job.images(),
                job.grids(),
                job.warnings(),
                errors,
                job.error(),
                job.engineMillis(),
                job.cancel(),
                job.expiresAt(),
                job.erasure(),
                job.history(),
                job.enhancement(),
                calls,
                usage,
                null,
                List.of(),
                List.of());
    }

    private static Optional<GenerationEvent> withJob(GenerationEvent event, UnaryOperator<Job> job) {
        if (event instanceof GenerationEvent.Succeeded e) {
            return Optional.of(new GenerationEvent.Succeeded(
                    e.id(), e.version(), e.status(), e.stage(), e.at(), job.apply(e.job())));
        }
        if (event instanceof GenerationEvent.Failed e) {
            return Optional.of(new GenerationEvent.Failed(
                    e.id(), e.version(), e.status(), e.stage(), e.at(), e.error(), job.apply(e.job())));
        }
        if (event instanceof GenerationEvent.Canceled e) {
            return Optional.of(new GenerationEvent.Canceled(
                    e.id(), e.version(), e.status(), e.stage(), e.at(), e.cancel(), e.error(), job.apply(e.job())));
        }
        if (event instanceof GenerationEvent.Expired e) {
            return Optional.of(new GenerationEvent.Expired(
                    e.id(), e.version(), e.status(), e.stage(), e.at(), e.error(), job.apply(e.job())));
        }
        return Optional.empty();
    }
}
