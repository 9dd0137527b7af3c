package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Job.Enhancement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An input event of the lifecycle: a request, a worker's report, a cancellation, an erasure or a deadline. Immutable. Delivery is at least
 * once; {@link #fingerprint} identifies duplicates. A report of an attempt older than the current one changes nothing.
 */
public sealed interface JobEvent
        permits JobEvent.GenerationRequested,
                TaskReport,
                JobEvent.CancelRequested,
                JobEvent.EraseRequested,
                JobEvent.DeadlinePassed,
                JobEvent.Released {

    JobId job();

    /** When the event happened, by the clock of the process that published it. */
    Instant at();

    /** Identifies the event within its job: equal for repetitions of the event, different for all other events. */
    @JsonIgnore
    String fingerprint();

    /** Calls the method of the visitor for this kind of event. */
    <R> R match(JobEventVisitor<R> visitor);

    /**
     * The gateway accepted a job, or the lifecycle requested another attempt. The record is also the task that a generator worker leases,
     * unless the request only splits images.
     *
     * @param task name of the task within its job
     * @param attempt number of the attempt for the first delivery of this record, from 1; each redelivery adds one
     * @param maxAttempts number of the last attempt
     * @param notBefore earliest start; null for at once. The worker waits with the lease held, but no longer than the attempt's back-off
     * @param step what the task makes of an avatar; null if the job is no avatar, and in the submission of one
     */
    record GenerationRequested(
            JobId job,
            String task,
            int attempt,
            int maxAttempts,
            Instant at,
            @Nullable Instant notBefore,
            GenerationRequest request,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            AvatarStep step)
            implements JobEvent, TaskRequest {

        /** A task that makes no part of an avatar. */
        public GenerationRequested(
                JobId job,
                String task,
                int attempt,
                int maxAttempts,
                Instant at,
                @Nullable Instant notBefore,
                GenerationRequest request) {
            this(job, task, attempt, maxAttempts, at, notBefore, request, null);
        }

        /** The same task with another request. */
        public GenerationRequested with(GenerationRequest other) {
            return new GenerationRequested(job, task, attempt, maxAttempts, at, notBefore, other, step);
        }

        /** Whether a client submitted the job with this record: the lifecycle published all other records of this kind. */
        public boolean byClient() {
            return step == null && attempt == 1 && request.tried().isEmpty();
        }

        @Override
        public String fingerprint() {
            return task + "/" + attempt + "/requested";
        }

        @Override
        public <R> R match(JobEventVisitor<R> visitor) {
            return visitor.requested(this);
        }
    }

    /** A worker leased the task and started the attempt. */
    record TaskStarted(JobId job, String task, int attempt, Instant at, Worker worker) implements TaskReport {

        @Override
        public String fingerprint() {
            return task + "/" + attempt + "/started";
        }

        @Override
        public <R> R match(JobEventVisitor<R> visitor) {
            return visitor.started(this);
        }
    }

    /**
     * A worker completed the task and stored all its images.
     *
     * @param images stored images in the order of their index
     * @param warnings notices about the result, such as a tile that was left out
     * @param engineMillis milliseconds that the engine needed; null if the images of an earlier delivery were found in the store
     * @param enhancement result of the prompt rewrite; null if none was requested
     * @param grids grids that the task cut, with the places of the cuts; empty if it cut none
     * @param prompt prompt that the task wrote; null if it wrote none
     */
    record TaskSucceeded(
            JobId job,
            String task,
            int attempt,
            Instant at,
            Worker worker,
            List<StoredImage> images,
            List<Job.Warning> warnings,
            @Nullable Long engineMillis,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Enhancement enhancement,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer providerCalls,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StoredImage> grids,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            ProviderUsage providerUsage,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Instant startedAt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            StoredPrompt prompt)
            implements EndReport {

        public TaskSucceeded {
            images = List.copyOf(images);
            warnings = List.copyOf(warnings);
            grids = grids == null ? List.of() : List.copyOf(grids);
        }

        @Override
        public String fingerprint() {
            return task + "/" + attempt + "/succeeded";
        }

        @Override
        public <R> R match(JobEventVisitor<R> visitor) {
            return visitor.succeeded(this);
        }
    }

    /** An attempt at the task failed. */
    record TaskFailed(
            JobId job,
            String task,
            int attempt,
            Instant at,
            Worker worker,
            Failure failure,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer providerCalls,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            ProviderUsage providerUsage,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Instant startedAt)
            implements EndReport {

        @Override
        public String fingerprint() {
            return task + "/" + attempt + "/failed";
        }

        @Override
        public <R> R match(JobEventVisitor<R> visitor) {
            return visitor.failed(this);
        }
    }

    /**
     * A worker skipped or stopped a task because its job was canceled.
     *
     * @param freedAfterMillis milliseconds from the worker's receipt of the cancellation until its device was idle; null if that is unknown
     * @param freedBy what stopped the task: {@code engine} (it reacted to the signal), {@code interrupt}, {@code restart}, {@code nothing}
     *     (it is still running) or {@code unstarted} (the task was skipped); more values may be added
     */
    record TaskCanceled(
            JobId job,
            String task,
            int attempt,
            Instant at,
            Worker worker,
            @Nullable Long freedAfterMillis,
            String freedBy,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Integer providerCalls,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            ProviderUsage providerUsage,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Instant startedAt)
            implements EndReport {

        @Override
        public String fingerprint() {
            return task + "/" + attempt + "/canceled";
        }

        @Override
        public <R> R match(JobEventVisitor<R> visitor) {
            return visitor.canceled(this);
        }
    }

    /**
     * A cancellation request of a client or of the lifecycle: workers stop tasks of the job, or skip them. Only the first has an effect.
     *
     * @param by source of the request
     * @param reason text of the client; null if it gave none
     * @param grace time that the engine gets to stop by itself
     */
    record CancelRequested(
            JobId job, Instant at, CanceledBy by, @Nullable String reason, Duration grace) implements JobEvent {

        @Override
        public String fingerprint() {
            return "cancel/requested";
        }

        @Override
        public <R> R match(JobEventVisitor<R> visitor) {
            return visitor.cancelRequested(this);
        }
    }

    /** A client requested the erasure of the job's images, prompt and labels. Takes effect once the job has ended. */
    record EraseRequested(JobId job, Instant at) implements JobEvent {

        @Override
        public String fingerprint() {
            return "erase/requested";
        }

        @Override
        public <R> R match(JobEventVisitor<R> visitor) {
            return visitor.eraseRequested(this);
        }
    }

    /**
     * A deadline of the job passed. It is an event too, so that the same events always result in the same state.
     *
     * @param at time of the deadline, not when it was noticed
     * @param kind its JSON member is named {@code moment}
     */
    record DeadlinePassed(
            JobId job, Instant at, @JsonProperty("moment") DeadlineKind kind) implements JobEvent {

        @Override
        public String fingerprint() {
            return "moment/" + kind.word();
        }

        @Override
        public <R> R match(JobEventVisitor<R> visitor) {
            return visitor.deadlinePassed(this);
        }
    }

    /** A job that is held may start: its batch has room for it. */
    record Released(JobId job, Instant at) implements JobEvent {

        @Override
        public String fingerprint() {
            return "hold/released";
        }

        @Override
        public <R> R match(JobEventVisitor<R> visitor) {
            return visitor.released(this);
        }
    }
}
