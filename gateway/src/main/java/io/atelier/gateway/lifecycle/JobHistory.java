package io.atelier.gateway.lifecycle;

import io.atelier.contract.job.JobEvent;
import io.atelier.gateway.lifecycle.JobState.Erased;
import io.atelier.gateway.lifecycle.JobState.Existing;
import io.atelier.gateway.lifecycle.JobState.Purged;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What was heard of a job: the state store's value. The state is the fold of {@link #counted}; each of its events made one version, so any
 * version can be announced again, word for word.
 *
 * @param counted the events that changed the state, in the order in which they count
 * @param early reports that came before what they report on was due, as they came; they count once it is
 */
record JobHistory(List<JobEvent> counted, List<JobEvent> early) {

    /** More reports than a job can have before its request: somebody reports on what nobody asked for. */
    private static final int MOST_EARLY = 100;

    private static final Redaction REDACTION = new Redaction();

    JobHistory {
        counted = List.copyOf(counted);
        early = List.copyOf(early);
    }

    static JobHistory empty() {
        return new JobHistory(List.of(), List.of());
    }

    /** The history with the event in it; this one if the event changes nothing. */
    JobHistory hear(JobEvent event) {
        if (versionMadeBy(event).isPresent()) {
            return this;
        }
        var state = state();
        if (!state.after(event).equals(state)) {
            return count(event).countEarly();
        }
        return state.expects(event) ? keepForLater(event) : this;
    }

    /** The version that an event of the same fingerprint made; empty if none did. */
    OptionalInt versionMadeBy(JobEvent event) {
        for (int i = 0; i < counted.size(); i++) {
            if (counted.get(i).fingerprint().equals(event.fingerprint())) {
                return OptionalInt.of(i + 1);
            }
        }
        return OptionalInt.empty();
    }

    int version() {
        return counted.size();
    }

    /** Whether there is nothing left to tell. */
    boolean forgotten() {
        return state() instanceof Purged;
    }

    /** What the world is told of a version, from 1 to {@link #version()}. */
    Announcement announcement(int version) {
        var states = new ArrayList<Existing>();
        var state = JobState.none();
        for (var event : counted.subList(0, version)) {
            state = state.after(event);
            states.add((Existing) state);
        }
        return Announcement.of(states);
    }

    JobState state() {
        return fold(counted);
    }

    private static JobState fold(List<JobEvent> events) {
        var state = JobState.none();
        for (var event : events) {
            state = state.after(event);
        }
        return state;
    }

    private JobHistory count(JobEvent event) {
        var longer = new ArrayList<>(counted);
        longer.add(event);
        if (state().after(event) instanceof Erased) {
            longer.replaceAll(known -> known.match(REDACTION));
        }
        return new JobHistory(longer, early);
    }

    private JobHistory countEarly() {
        if (early.isEmpty()) {
            return this;
        }
        var history = new JobHistory(counted, List.of());
        for (var event : early) {
            history = history.hear(event);
        }
        return history;
    }

    private JobHistory keepForLater(JobEvent event) {
        if (early.size() >= MOST_EARLY
                || early.stream().anyMatch(known -> known.fingerprint().equals(event.fingerprint()))) {
            return this;
        }
        var longer = new ArrayList<>(early);
        longer.add(event);
        return new JobHistory(counted, longer);
    }
}
