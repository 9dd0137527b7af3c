package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent;
import io.atelier.gateway.lifecycle.JobState.Erased;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.gateway.lifecycle.JobState.None;
import io.atelier.gateway.lifecycle.JobState.Purged;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The events of one job: the value in the lifecycle's state store. The state of the job is the fold of the applied events. Each applied event
 * made one version, so that any version can be announced again with equal records.
 *
 * @param applied events that changed the state, oldest first
 * @param pending events that arrived too early, in the order of their arrival; each is applied as soon as the state allows it
 */
record JobHistory(List<JobEvent> applied, List<JobEvent> pending) {

    /** More events than can arrive before the request of a job; limits the history of a job id that does not exist. */
    private static final int MAX_PENDING = 100;

    private static final Redaction REDACTION = new Redaction();

    JobHistory {
        applied = List.copyOf(applied);
        pending = List.copyOf(pending);
    }

    static JobHistory empty() {
        return new JobHistory(List.of(), List.of());
    }

    /** The history with an event and with all pending events that apply after it; this history if the event changes nothing. */
    JobHistory with(JobEvent event) {
        if (versionMadeBy(event).isPresent()) {
            return this;
        }
        var state = state();
        if (!state.after(event).equals(state)) {
            return apply(event).applyPending();
        }
        return state.mayApplyLater(event) ? keepPending(event) : this;
    }

    /** The version that an event with the same fingerprint made; empty if none did. */
    OptionalInt versionMadeBy(JobEvent event) {
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
        var states = new ArrayList<Existing>();
        JobState state = new None();
        for (var event : applied) {
            state = state.after(event);
            if (state instanceof Existing existing) {
                states.add(existing);
            }
        }
        return states;
    }

    JobState state() {
        JobState state = new None();
        for (var event : applied) {
            state = state.after(event);
        }
        return state;
    }

    private JobHistory apply(JobEvent event) {
        var events = new ArrayList<>(applied);
        events.add(event);
        if (state().after(event) instanceof Erased) {
            events.replaceAll(each -> each.match(REDACTION));
        }
        return new JobHistory(events, pending);
    }

    private JobHistory applyPending() {
        if (pending.isEmpty()) {
            return this;
        }
        var history = new JobHistory(applied, List.of());
        for (var event : pending) {
            history = history.with(event);
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
        return new JobHistory(applied, events);
    }
}
