package io.atelier.gateway.lifecycle;

import io.atelier.contract.image.StoredImage;
import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Job;
import io.atelier.contract.job.JobEvent;
import io.atelier.contract.job.JobEvent.GenerationRequested;
import io.atelier.contract.job.JobEvent.TaskFailed;
import io.atelier.contract.job.JobEvent.TaskStarted;
import io.atelier.contract.job.JobEvent.TaskSucceeded;
import io.atelier.contract.job.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Where a job stands. {@link #after} is the only way to a new state, and it touches nothing outside: no clock, no network.
 *
 * <p>An event that does not apply (repeated, late, of an attempt that was given up) leaves the state as it is, and the first terminal
 * state stays.
 */
sealed interface JobState extends JobEvent.Cases<JobState> {

    static JobState unheard() {
        return new Unheard();
    }

    default JobState after(JobEvent event) {
        return event.match(this);
    }

    /** How often the state has changed; 0 before the request. */
    int version();

    /** Whether an event that does not apply now may apply once others were heard. */
    default boolean expects(JobEvent event) {
        return false;
    }

    @Override
    default JobState requested(GenerationRequested event) {
        return this;
    }

    @Override
    default JobState started(TaskStarted event) {
        return this;
    }

    @Override
    default JobState succeeded(TaskSucceeded event) {
        return this;
    }

    @Override
    default JobState failed(TaskFailed event) {
        return this;
    }

    /** Nobody asked for this job yet. */
    record Unheard() implements JobState {

        @Override
        public int version() {
            return 0;
        }

        @Override
        public boolean expects(JobEvent event) {
            return !(event instanceof GenerationRequested);
        }

        @Override
        public JobState requested(GenerationRequested event) {
            // A later attempt is ordered by the lifecycle itself, so it never makes a job.
            return event.attempt() == 1 ? new Queued(Course.of(event), event.at()) : this;
        }
    }

    /** A state with what the job has been through, and when it came to be. */
    sealed interface Known extends JobState {
        Course course();

        Instant since();

        @Override
        default int version() {
            return course().version();
        }
    }

    /** A task is due or under way. */
    sealed interface Open extends Known {

        @Override
        default boolean expects(JobEvent event) {
            return course().splitComesNext() && event.task().equals(Course.SPLIT);
        }

        @Override
        default JobState succeeded(TaskSucceeded event) {
            if (!course().concerns(event.task(), event.attempt())) {
                return this;
            }
            var done = course().succeeded(event);
            if (course().splitComesNext()) {
                return new Queued(done.split(event.images()), event.at());
            }
            return new Succeeded(done, event.at(), event.images().isEmpty() ? done.grids() : event.images());
        }

        @Override
        default JobState failed(TaskFailed event) {
            if (!course().concerns(event.task(), event.attempt())) {
                return this;
            }
            var failed = course().failed(event);
            if (event.failure().retryable() && !failed.lastAttempt(event.attempt())) {
                return new Queued(failed.retry(event.at().plus(backOff(event.attempt()))), event.at());
            }
            return failed.splitting() ? undivided(failed, event) : new Failed(failed, event.at(), event.failure());
        }

        /** A grid that cannot be cut is still what was asked for and paid: it is delivered whole. */
        private static JobState undivided(Course course, TaskFailed event) {
            var warning = new Job.Warning(
                    "grid-not-split",
                    "The grid could not be cut into tiles: " + event.failure().message(),
                    null);
            return new Succeeded(course.warned(warning), event.at(), course.grids());
        }

        /** 1, 2, 4, 8, then 10 seconds. */
        private static Duration backOff(int failedAttempt) {
            return Duration.ofSeconds(Math.min(10, 1L << Math.min(failedAttempt - 1, 4)));
        }
    }

    /** A task waits for a worker. */
    record Queued(Course course, Instant since) implements Open {

        @Override
        public JobState started(TaskStarted event) {
            return course.concerns(event.task(), event.attempt())
                    ? new Running(course.started(event), event.at(), event.worker())
                    : this;
        }
    }

    /** A worker has the task. */
    record Running(Course course, Instant since, Worker worker) implements Open {

        @Override
        public JobState started(TaskStarted event) {
            // The same task, handed out again because its first worker was lost.
            return course.concerns(event.task(), event.attempt()) && event.attempt() > course.attempt()
                    ? new Running(course.started(event), event.at(), event.worker())
                    : this;
        }
    }

    /** All pictures are there. */
    record Succeeded(Course course, Instant since, List<StoredImage> images) implements Known {
        public Succeeded {
            images = List.copyOf(images);
        }
    }

    /** The job was given up. */
    record Failed(Course course, Instant since, Failure error) implements Known {}
}
