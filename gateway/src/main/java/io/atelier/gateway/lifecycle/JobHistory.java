package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.EndReport;
import io.atelier.contract.job.JobEvent;
import io.atelier.gateway.lifecycle.JobState.Ended;
import io.atelier.gateway.lifecycle.JobState.Erased;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.gateway.lifecycle.JobState.None;
import io.atelier.gateway.lifecycle.JobState.Purged;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The events of one job: the value in the lifecycle's state store. The state of the job is the fold of the applied events. Each applied event
 * made one version, so that any version can be announced again with equal records. Immutable.
 */
final class JobHistory {

    /** More events than can arrive before the request of a job, or before the tasks they are about; limits the history of an unknown job id. */
    private static final int MAX_PENDING = 250;

    private static final Redaction REDACTION = new Redaction();

    private final List<JobEvent> applied;
    private final List<JobEvent> pending;
    private final TaskPlan plan;

    // Computed at the first use, and continued when an event is added: a fold for each question took a tenth of the
    // lifecycle's time.
    private @Nullable List<JobState> folded;

    /**
     * A history.
     *
     * @param applied events that changed the state, oldest first
     * @param pending events that arrived too early, in the order of their arrival; each is applied as soon as the state allows it
     */
    JobHistory(List<JobEvent> applied, List<JobEvent> pending) {
        this(applied, pending, TaskPlan.ofRequests());
    }

    /** A history of a job whose tasks follow from another plan. */
    JobHistory(List<JobEvent> applied, List<JobEvent> pending, TaskPlan plan) {
        this(applied, pending, plan, null);
    }

    /** @param folded the state after each applied event; null if it is to be computed */
    private JobHistory(List<JobEvent> applied, List<JobEvent> pending, TaskPlan plan, @Nullable List<JobState> folded) {
        this.applied = List.copyOf(applied);
        this.pending = List.copyOf(pending);
        this.plan = plan;
        this.folded = folded;
    }

    static JobHistory empty() {
        return empty(TaskPlan.ofRequests());
    }

    /** A history without events, of a job whose tasks follow from another plan. */
    static JobHistory empty(TaskPlan plan) {
        return new JobHistory(List.of(), List.of(), plan);
    }

    List<JobEvent> applied() {
        return applied;
    }

    List<JobEvent> pending() {
        return pending;
    }

    /**
     * The history with an event and with all pending events that apply after it; this history if the event changes nothing. The start that the
     * report of a short attempt contains comes first, as an event of its own.
     */
    JobHistory with(JobEvent event) {
        var history = this;
        for (var each : EndReport.eventsIn(event)) {
            history = history.withOne(each);
        }
        return history;
    }

    private JobHistory withOne(JobEvent event) {
        if (versionMadeBy(event).isPresent()) {
            return this;
        }
        var state = state();
        var next = state.after(event);
        if (!next.equals(state)) {
            return apply(event, next).applyPending();
        }
        return state.mayApplyLater(event) ? keepPending(event) : this;
    }

    /** The versions that an event with the same fingerprint made, and the start that it contains; none if it changed nothing. */
    IntStream versionsMadeBy(JobEvent event) {
        return EndReport.eventsIn(event).stream().map(this::versionMadeBy).flatMapToInt(OptionalInt::stream);
    }

    private OptionalInt versionMadeBy(JobEvent event) {
        for (int i = 0; i < applied.size(); i++) {
            if (applied.get(i).fingerprint().equals(event.fingerprint())) {
                return OptionalInt.of(i + 1);
            }
        }
        return OptionalInt.empty();
    }

    /** The number of state changes; 0 before the request. */
    int version() {
        return applied.size();
    }

    /** Whether the job has ended, so that only its erasure changes it. */
    boolean hasEnded() {
        var state = state();
        return state instanceof Ended || state instanceof Erased;
    }

    /** Whether the job and this history are to be deleted. */
    boolean isPurged() {
        return state() instanceof Purged;
    }

    /**
     * The announcement of a version.
     *
     * @param version 1 to {@link #version()}
     */
    Announcement announcement(int version) {
        return Announcement.of(states().subList(0, version));
    }

    /** The states after each applied event, oldest first; without a last one that is {@link Purged}. */
    List<Existing> states() {
        return folded().stream()
                .filter(Existing.class::isInstance)
                .map(Existing.class::cast)
                .toList();
    }

    JobState state() {
        var states = folded();
        return states.isEmpty() ? new None(plan) : states.get(states.size() - 1);
    }

    private List<JobState> folded() {
        var known = folded;
        if (known == null) {
            var states = new ArrayList<JobState>();
            JobState state = new None(plan);
            for (var event : applied) {
                state = state.after(event);
                states.add(state);
            }
            known = List.copyOf(states);
            folded = known;
        }
        return known;
    }

    private JobHistory apply(JobEvent event, JobState next) {
        var events = new ArrayList<>(applied);
        events.add(event);
        if (next instanceof Erased) {
            events.replaceAll(each -> each.match(REDACTION));
            return new JobHistory(events, pending, plan);
        }
        var states = new ArrayList<>(folded());
        states.add(next);
        return new JobHistory(events, pending, plan, List.copyOf(states));
    }

    private JobHistory applyPending() {
        if (pending.isEmpty()) {
            return this;
        }
        var history = new JobHistory(applied, List.of(), plan, folded);
        for (var event : pending) {
            history = history.withOne(event);
        }
        return history;
    }

    private JobHistory keepPending(JobEvent event) {
        if (pending.size() >= MAX_PENDING
                || pending.stream().anyMatch(each -> each.fingerprint().equals(event.fingerprint()))) {
            return this;
        }
        var events = new ArrayList<>(pending);
        events.add(event);
        return new JobHistory(applied, events, plan, folded);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JobHistory history
                && applied.equals(history.applied)
                && pending.equals(history.pending);
    }

    @Override
    public int hashCode() {
        return Objects.hash(applied, pending);
    }

    @Override
    public String toString() {
        return "applied " + applied + ", pending " + pending;
    }
}
