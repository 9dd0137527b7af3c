package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.EndReport;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.Job.Enhancement;
import io.atelier.contract.job.JobEvent.CancelRequested;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.ProviderUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds the first {@link JobRecord} of a job, or a changed copy of one. Not thread-safe. */
final class JobRecordBuilder {

    private final GenerationRequested submission;
    private final List<Job.Warning> warnings = new ArrayList<>();
    private final List<Job.AttemptFailure> attemptFailures = new ArrayList<>();
    private GenerationRequest request;
    private int version;
    private String task;
    private int attempt;
    private @Nullable Instant notBefore;
    private @Nullable Instant startedAt;
    private List<StoredImage> grids = List.of();
    private @Nullable Long engineMillis;
    private @Nullable Enhancement enhancement;
    private @Nullable Integer providerCalls;
    private @Nullable ProviderUsage providerUsage;
    private @Nullable CancelRequested cancel;

    JobRecordBuilder(GenerationRequested submission) {
        this.submission = submission;
        request = submission.request();
        version = 1;
        task = submission.task();
        attempt = submission.attempt();
        warnings.addAll(request.warnings());
    }

    JobRecordBuilder(JobRecord from) {
        submission = from.submission();
        request = from.request();
        version = from.version();
        task = from.task();
        attempt = from.attempt();
        notBefore = from.notBefore();
        startedAt = from.startedAt();
        grids = from.grids();
        warnings.addAll(from.warnings());
        attemptFailures.addAll(from.attemptFailures());
        engineMillis = from.engineMillis();
        enhancement = from.enhancement();
        providerCalls = from.providerCalls();
        providerUsage = from.providerUsage();
        cancel = from.cancel();
    }

    JobRecordBuilder nextVersion() {
        version++;
        return this;
    }

    JobRecordBuilder request(GenerationRequest value) {
        request = value;
        return this;
    }

    /** Starts another task with attempt 1, due at once. */
    JobRecordBuilder task(String name) {
        task = name;
        return attempt(1);
    }

    /** Sets the attempt at the current task, due at once. */
    JobRecordBuilder attempt(int number) {
        attempt = number;
        notBefore = null;
        return this;
    }

    /** Delays the attempt. */
    JobRecordBuilder notBefore(Instant time) {
        notBefore = time;
        return this;
    }

    /** Sets the start of the job, unless it has started already. */
    JobRecordBuilder startedAt(Instant time) {
        startedAt = startedAt == null ? time : startedAt;
        return this;
    }

    JobRecordBuilder grids(List<StoredImage> value) {
        grids = value;
        return this;
    }

    JobRecordBuilder addWarnings(List<Job.Warning> more) {
        warnings.addAll(more);
        return this;
    }

    JobRecordBuilder addFailure(Job.AttemptFailure failure) {
        attemptFailures.add(failure);
        return this;
    }

    /** Adds the time of an engine; null for an unknown time. */
    JobRecordBuilder addEngineMillis(@Nullable Long millis) {
        if (millis != null) {
            engineMillis = engineMillis == null ? millis : Long.valueOf(engineMillis + millis);
        }
        return this;
    }

    /** Sets the result of the prompt rewrite, unless it is known already. */
    JobRecordBuilder enhancement(@Nullable Enhancement value) {
        enhancement = enhancement == null ? value : enhancement;
        return this;
    }

    /** Adds the provider calls of an attempt and their usage, if it reported any. */
    JobRecordBuilder addProvider(EndReport report) {
        var calls = report.providerCalls();
        if (calls != null) {
            providerCalls = providerCalls == null ? calls : Integer.valueOf(providerCalls + calls);
        }
        providerUsage = ProviderUsage.sum(providerUsage, report.providerUsage());
        return this;
    }

    JobRecordBuilder cancel(CancelRequested request) {
        cancel = request;
        return this;
    }

    JobRecord build() {
        return new JobRecord(
                submission,
                request,
                version,
                task,
                attempt,
                notBefore,
                startedAt,
                grids,
                warnings,
                attemptFailures,
                engineMillis,
                enhancement,
                providerCalls,
                providerUsage,
                cancel);
    }
}
