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

/** What must be true of every job, whatever broke meanwhile. Each rule answers with what speaks against it. */
public final class Invariants {

    private static final Set<String> TERMINAL = Set.of("succeeded", "failed", "canceled", "expired");

    /** The store tells whole seconds. */
    private static final long STORE_CLOCK_SECONDS = 1;

    private Invariants() {}

    /** What speaks against the job; empty if all is well. */
    public static List<String> violations(Evidence job) {
        return Stream.<Function<Evidence, List<String>>>of(
                        Invariants::end,
                        Invariants::readableWhenAnnounced,
                        Invariants::announcedOnce,
                        Invariants::versionsWithoutGaps,
                        Invariants::timesInOrder,
                        Invariants::idsOfOneContent,
                        Invariants::stateShown,
                        Invariants::objectsOfState)
                .flatMap(rule -> rule.apply(job).stream())
                .map(text -> job.job() + ": " + text)
                .toList();
    }

    private static List<String> end(Evidence job) {
        var found = new ArrayList<String>();
        var status = job.shown().map(shown -> shown.get("status").asString()).orElse("unknown to HTTP");
        if (!TERMINAL.contains(status)) {
            found.add("lost: it was accepted, and its status is still '" + status + "'");
        }
        if (job.ends().isEmpty()) {
            found.add("lost: no terminal event");
        }
        for (var end : job.ends()) {
            if (!end.is("generation." + status)) {
                found.add("misreported: announced as " + end.type() + ", but its status is '" + status + "'");
            }
        }
        return found;
    }

    private static List<String> readableWhenAnnounced(Evidence job) {
        var found = new ArrayList<String>();
        for (var read : job.announced()) {
            if (!read.kept()) {
                found.add("announced before it was readable: " + read);
            }
        }
        int promised = job.ends().stream()
                .filter(end -> end.is("generation.succeeded"))
                .mapToInt(end -> end.json().get("job").get("images").size())
                .sum();
        if (job.announced().size() != promised) {
            found.add("announced %d images, of which %d were read"
                    .formatted(promised, job.announced().size()));
        }
        // Where a fault kept everybody from reading at that moment, the store's own time has to tell.
        job.announcedAt()
                .filter(at -> !job.clockMoved())
                .ifPresent(at -> job.stored().stream()
                        .filter(read ->
                                read.stored() != null && read.stored().isAfter(at.plusSeconds(STORE_CLOCK_SECONDS)))
                        .forEach(read -> found.add("announced at " + at + ", before it was stored: " + read)));
        return found;
    }

    private static List<String> announcedOnce(Evidence job) {
        var ids = job.ends().stream().map(ObservedRecord::id).distinct().toList();
        return ids.size() <= 1 ? List.of() : List.of("announced " + ids.size() + " times, with the ids " + ids);
    }

    private static List<String> versionsWithoutGaps(Evidence job) {
        var found = new ArrayList<String>();
        int expected = 1;
        for (var event : first(job)) {
            if (event.sequence() != expected) {
                found.add("version %d where %d was due, in %s".formatted(event.sequence(), expected, event));
            }
            if (event.sequence() != event.json().get("version").asInt()) {
                found.add("its sequence is not its version: " + event);
            }
            expected = event.sequence() + 1;
        }
        return found;
    }

    /** Whatever the clocks of the workers say: they tell the time of what they did. */
    private static List<String> timesInOrder(Evidence job) {
        var found = new ArrayList<String>();
        var latest = Instant.MIN;
        for (var event : first(job)) {
            var at = Instant.parse(event.json().get("at").asString());
            if (at.isBefore(latest)) {
                found.add("told of %s, and then of a time before it: %s".formatted(latest, event));
            }
            latest = at;
        }
        return found;
    }

    /** The events without their repetitions. */
    private static Collection<ObservedRecord> first(Evidence job) {
        var first = new LinkedHashMap<String, ObservedRecord>();
        job.events().forEach(event -> first.putIfAbsent(event.id(), event));
        return first.values();
    }

    private static List<String> idsOfOneContent(Evidence job) {
        var found = new ArrayList<String>();
        var contents = new HashMap<String, ObservedRecord>();
        for (var event : job.events()) {
            var before = contents.putIfAbsent(event.id(), event);
            if (before != null
                    && !(before.type().equals(event.type()) && before.text().equals(event.text()))) {
                found.add("one id, two contents:\n    " + before + "\n    " + event);
            }
        }
        return found;
    }

    /** HTTP shows what the compacted topic keeps, and both are where the events end. */
    private static List<String> stateShown(Evidence job) {
        if (job.kept().isEmpty() || job.shown().isEmpty()) {
            return List.of("state is missing: on the compacted topic %s, on HTTP %s"
                    .formatted(
                            present(job.kept().isPresent()), present(job.shown().isPresent())));
        }
        var kept = job.kept().orElseThrow();
        var shown = job.shown().orElseThrow();
        var found = new ArrayList<String>();
        for (var name : List.of("version", "status", "stage", "attempt")) {
            if (!kept.get(name).equals(shown.get(name))) {
                found.add("state: %s is %s on the compacted topic and %s on HTTP"
                        .formatted(name, kept.get(name), shown.get(name)));
            }
        }
        if (!described(kept).equals(described(shown))) {
            found.add("state: images are %s on the compacted topic and %s on HTTP"
                    .formatted(described(kept), described(shown)));
        }
        int last =
                job.events().stream().mapToInt(ObservedRecord::sequence).max().orElse(0);
        if (shown.get("version").asInt() != last) {
            found.add("state: version %s, but the events end with %d".formatted(shown.get("version"), last));
        }
        return found;
    }

    private static List<String> objectsOfState(Evidence job) {
        var found = new ArrayList<String>();
        for (var read : job.stored()) {
            if (!read.kept()) {
                found.add("object and state disagree: " + read);
            }
        }
        int named = job.kept()
                .map(kept -> kept.get("images").size() + kept.get("grids").size())
                .orElse(0);
        if (job.stored().size() != named) {
            found.add("its state names %d objects, of which %d were read"
                    .formatted(named, job.stored().size()));
        }
        if (job.kept()
                .filter(kept -> kept.get("status").asString().equals("succeeded")
                        && kept.get("images").isEmpty())
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

    private static String present(boolean there) {
        return there ? "there" : "not there";
    }
}
