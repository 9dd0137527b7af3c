package io.atelier.acceptance.crash.reader;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The invariants of every job, whatever faults occurred. Each rule returns its violations. */
public final class JobInvariants {

    private static final Set<String> TERMINAL = Set.of("succeeded", "failed", "canceled", "expired");

    /** The resolution of times in the store. */
    private static final long STORE_TIME_SECONDS = 1;

    private JobInvariants() {}

    /** The violations of the job; empty if there are none. */
    public static List<String> violations(JobObservations job) {
        return Stream.<Function<JobObservations, List<String>>>of(
                        JobInvariants::endsOnce,
                        JobInvariants::readableAtEvent,
                        JobInvariants::publishedOnce,
                        JobInvariants::versionsWithoutGaps,
                        JobInvariants::timesInOrder,
                        JobInvariants::idsAreUnique,
                        JobInvariants::statesAgree,
                        JobInvariants::objectsMatchState)
                .flatMap(rule -> rule.apply(job).stream())
                .map(text -> job.job() + ": " + text)
                .toList();
    }

    private static List<String> endsOnce(JobObservations job) {
        var found = new ArrayList<String>();
        var status =
                job.httpState().map(state -> state.get("status").asString()).orElse("unknown to HTTP");
        if (!TERMINAL.contains(status)) {
            found.add("lost: it was accepted, but its status is still '" + status + "'");
        }
        if (job.terminalEvents().isEmpty()) {
            found.add("lost: no terminal event");
        }
        for (var end : job.terminalEvents()) {
            if (!end.is("generation." + status)) {
                found.add("misreported: published as " + end.type() + ", but its status is '" + status + "'");
            }
        }
        return found;
    }

    private static List<String> readableAtEvent(JobObservations job) {
        var found = new ArrayList<String>();
        for (var read : job.readsAtEvent()) {
            if (!read.matches()) {
                found.add("published before it was readable: " + read);
            }
        }
        int published = job.terminalEvents().stream()
                .filter(end -> end.is("generation.succeeded"))
                .mapToInt(end -> end.json().get("job").get("images").size())
                .sum();
        if (job.readsAtEvent().size() != published) {
            found.add("published %d images, of which %d were read"
                    .formatted(published, job.readsAtEvent().size()));
        }
        // If a fault prevented the read at that time, the time in the store is the evidence.
        job.endedAt()
                .filter(at -> !job.clockShifted())
                .ifPresent(at -> job.finalReads().stream()
                        .filter(read ->
                                read.storedAt() != null && read.storedAt().isAfter(at.plusSeconds(STORE_TIME_SECONDS)))
                        .forEach(read -> found.add("published at " + at + ", before it was stored: " + read)));
        return found;
    }

    private static List<String> publishedOnce(JobObservations job) {
        var ids = job.terminalEvents().stream().map(TopicRecord::id).distinct().toList();
        return ids.size() <= 1 ? List.of() : List.of("published " + ids.size() + " times, with the ids " + ids);
    }

    private static List<String> versionsWithoutGaps(JobObservations job) {
        var found = new ArrayList<String>();
        int expected = 1;
        for (var event : first(job)) {
            if (event.sequence() != expected) {
                found.add("version %d where %d was expected, in %s".formatted(event.sequence(), expected, event));
            }
            if (event.sequence() != event.json().get("version").asInt()) {
                found.add("its sequence is not its version: " + event);
            }
            expected = event.sequence() + 1;
        }
        return found;
    }

    /** The times of the events ascend, whatever the clocks of the workers show. */
    private static List<String> timesInOrder(JobObservations job) {
        var found = new ArrayList<String>();
        var latest = Instant.MIN;
        for (var event : first(job)) {
            var at = Instant.parse(event.json().get("at").asString());
            if (at.isBefore(latest)) {
                found.add("an event at %s is followed by an earlier one: %s".formatted(latest, event));
            }
            latest = at;
        }
        return found;
    }

    /** The events without repetitions. */
    private static Collection<TopicRecord> first(JobObservations job) {
        var first = new LinkedHashMap<String, TopicRecord>();
        job.events().forEach(event -> first.putIfAbsent(event.id(), event));
        return first.values();
    }

    private static List<String> idsAreUnique(JobObservations job) {
        var found = new ArrayList<String>();
        var contents = new HashMap<String, TopicRecord>();
        for (var event : job.events()) {
            var before = contents.putIfAbsent(event.id(), event);
            if (before != null
                    && !(before.type().equals(event.type()) && before.text().equals(event.text()))) {
                found.add("one id, two contents:\n    " + before + "\n    " + event);
            }
        }
        return found;
    }

    /** The state over HTTP equals that in the compacted topic, and both have the version of the last event. */
    private static List<String> statesAgree(JobObservations job) {
        if (job.topicState().isEmpty() || job.httpState().isEmpty()) {
            return List.of("state is missing: in the compacted topic %s, over HTTP %s"
                    .formatted(
                            present(job.topicState().isPresent()),
                            present(job.httpState().isPresent())));
        }
        var topicState = job.topicState().orElseThrow();
        var httpState = job.httpState().orElseThrow();
        var found = new ArrayList<String>();
        for (var name : List.of("version", "status", "stage", "attempt")) {
            if (!topicState.get(name).equals(httpState.get(name))) {
                found.add("state: %s is %s in the compacted topic and %s over HTTP"
                        .formatted(name, topicState.get(name), httpState.get(name)));
            }
        }
        if (!described(topicState).equals(described(httpState))) {
            found.add("state: images are %s in the compacted topic and %s over HTTP"
                    .formatted(described(topicState), described(httpState)));
        }
        int last = job.events().stream().mapToInt(TopicRecord::sequence).max().orElse(0);
        if (httpState.get("version").asInt() != last) {
            found.add("state: version %s, but the events end with %d".formatted(httpState.get("version"), last));
        }
        return found;
    }

    private static List<String> objectsMatchState(JobObservations job) {
        var found = new ArrayList<String>();
        for (var read : job.finalReads()) {
            if (!read.matches()) {
                found.add("object and state differ: " + read);
            }
        }
        int expected = job.topicState()
                .map(state -> state.get("images").size()
                        + state.get("grids").size()
                        + (state.path("base").isObject() ? 1 : 0))
                .orElse(0);
        if (job.finalReads().size() != expected) {
            found.add("its state contains %d objects, of which %d were read"
                    .formatted(expected, job.finalReads().size()));
        }
        if (job.topicState()
                .filter(state -> state.get("status").asString().equals("succeeded")
                        && state.get("images").isEmpty())
                .isPresent()) {
            found.add("succeeded without an image");
        }
        return found;
    }

    private static List<String> described(JsonNode state) {
        return StreamSupport.stream(state.get("images").spliterator(), false)
                .map(image -> image.get("sha256").asString() + "/" + image.get("bytes"))
                .toList();
    }

    private static String present(boolean isPresent) {
        return isPresent ? "present" : "missing";
    }
}
