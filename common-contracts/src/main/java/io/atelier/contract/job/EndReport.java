package io.atelier.contract.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.atelier.contract.job.JobEvent.TaskStarted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A worker's report about the end of an attempt. */
public sealed interface EndReport extends TaskReport
        permits JobEvent.TaskSucceeded, JobEvent.TaskFailed, JobEvent.TaskCanceled {

    /** The number of calls by which this delivery asked a provider for images, failed and repeated ones included; null if it made none. */
    @Nullable
    Integer providerCalls();

    /** What the provider says it used for this delivery, also for answers that failed; null if it said nothing. */
    @Nullable
    ProviderUsage providerUsage();

    /** When the attempt started, if its start was not reported by itself; null if it was, or if the attempt never started. */
    @Nullable
    Instant startedAt();

    /** The worker that reports. */
    Worker worker();

    /**
     * The report of the start that this report contains; empty if it contains none. A short attempt reports both in one record: two would
     * cost the broker, the lifecycle and the view twice the work for a state that lasts milliseconds.
     */
    @JsonIgnore
    default Optional<TaskStarted> start() {
        return Optional.ofNullable(startedAt()).map(at -> new TaskStarted(job(), task(), attempt(), at, worker()));
    }

    /** The events that an event stands for: the {@link #start} that it contains, if it contains one, and the event itself. */
    static List<JobEvent> eventsIn(JobEvent event) {
        var start = event instanceof EndReport report ? report.start() : Optional.<TaskStarted>empty();
        return Stream.<JobEvent>concat(start.stream(), Stream.of(event)).toList();
    }
}
