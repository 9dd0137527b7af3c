package io.atelier.gateway.api.events;

import io.atelier.contract.job.Job;
import io.atelier.contract.work.TaskProgress;
import io.atelier.gateway.api.generations.Generation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.ServerSentEvent;

/**
 * Tells one client what happens to a job: each version once, in order and without a gap, whatever states the view happened to show. Not
 * thread-safe.
 */
final class JobEventStream {

    private final Function<Job, Generation> whole;
    private boolean begun;
    private int told;
    private @Nullable Job latest;
    private @Nullable ServerSentEvent<Object> last;

    /**
     * A story that begins with a snapshot, or after a version that the client has heard.
     *
     * @param whole the full object of a job
     */
    JobEventStream(OptionalInt heard, Function<Job, Generation> whole) {
        this.whole = whole;
        this.begun = heard.isPresent();
        this.told = heard.orElse(0);
    }

    /** The job was seen in this state. */
    List<ServerSentEvent<Object>> state(Job job) {
        latest = job;
        var steps = steps(job);
        var events = new ArrayList<ServerSentEvent<Object>>();
        if (begun) {
            steps.stream()
                    .filter(step -> step.version() > told && !isAfterTheEnd(step, steps))
                    .forEach(step -> events.add(event(step, job)));
        } else {
            events.add(event(steps.get(steps.size() - 1), whole.apply(job)));
            begun = true;
        }
        return job.status().terminal() ? end(events) : events;
    }

    /** A worker said how far it is. Told only while the job is known to run. */
    List<ServerSentEvent<Object>> progress(TaskProgress heard) {
        var job = latest;
        if (job == null || Generation.current(job, Optional.of(heard)).isEmpty()) {
            return List.of();
        }
        var data = new Progress(
                job.id().value(), job.version(), heard.fraction(), heard.step(), heard.steps(), heard.phase());
        return List.of(
                ServerSentEvent.<Object>builder(data).event(EventName.PROGRESS).build());
    }

    /** Nothing more will be seen. */
    List<ServerSentEvent<Object>> closed() {
        return end(new ArrayList<>());
    }

    /** Whether nothing comes after this event. */
    boolean endsWith(ServerSentEvent<Object> event) {
        return event.equals(last);
    }

    private List<ServerSentEvent<Object>> end(List<ServerSentEvent<Object>> events) {
        if (events.isEmpty()) {
            events.add(ServerSentEvent.builder().comment(" end").build());
        }
        last = events.get(events.size() - 1);
        return events;
    }

    private ServerSentEvent<Object> event(Job.Step step, Job job) {
        return event(step, step.status().terminal() ? whole.apply(job) : Change.of(step, job));
    }

    private ServerSentEvent<Object> event(Job.Step step, Object data) {
        told = step.version();
        return ServerSentEvent.builder(data)
                .id(Integer.toString(step.version()))
                .event(EventName.of(step.type()))
                .build();
    }

    /** An erasure is no part of the story. */
    private static boolean isAfterTheEnd(Job.Step step, List<Job.Step> steps) {
        return steps.stream()
                .anyMatch(other ->
                        other.version() < step.version() && other.status().terminal());
    }

    private static List<Job.Step> steps(Job job) {
        var history = job.history();
        if (!history.isEmpty() && history.get(history.size() - 1).version() >= job.version()) {
            return history;
        }
        var steps = new ArrayList<>(history);
        var at = Objects.requireNonNullElse(
                job.completedAt(), Objects.requireNonNullElse(job.startedAt(), job.createdAt()));
        steps.add(new Job.Step(job.version(), EventName.typeOf(job), job.status(), job.stage(), at, job.attempt()));
        return steps;
    }

    /** A change of the state of a job, in short. */
    @Schema(name = "GenerationChange", description = "A change of the state of a job, in short")
    record Change(String id, int version, String status, String stage, Instant at, int attempt) {

        static Change of(Job.Step step, Job job) {
            return new Change(
                    job.id().value(), step.version(), step.status().word(), step.stage(), step.at(), step.attempt());
        }
    }

    /** How far a running job is. */
    @Schema(name = "GenerationProgress", description = "How far a running job is")
    record Progress(
            String id,
            int version,
            @Schema(description = "0 to 1") double fraction,
            int step,
            int steps,
            String phase) {}
}
