package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.Client;
import io.atelier.acceptance.crash.reader.ImageRead.Promise;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;

/** Asks all witnesses about jobs: the topics, HTTP, the store. */
public final class Inquiry {

    private static final Duration AGREEMENT = Duration.ofSeconds(10);

    private final TopicReader topics;
    private final Witness witness;
    private final StoreReader store;
    private final Client client;

    public Inquiry(TopicReader topics, Witness witness, StoreReader store, Client client) {
        this.topics = topics;
        this.witness = witness;
        this.store = store;
        this.client = client;
    }

    /** Waits until each of the jobs has been announced as ended, and returns those that have not been in time. */
    public Set<String> unended(Collection<String> jobs, Duration within) {
        try {
            Awaitility.await()
                    .atMost(within)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> open(jobs).isEmpty());
        } catch (ConditionTimeoutException e) {
            return open(jobs);
        }
        return Set.of();
    }

    /** What is known of a job. Gives HTTP, which follows the topics, a moment to come to the same. */
    public Evidence of(String job, boolean clockMoved) {
        var kept = last(job);
        try {
            Awaitility.await().atMost(AGREEMENT).until(() -> version(shown(job)) == version(kept));
        } catch (ConditionTimeoutException e) {
            // Then that is what there is to be told.
        }
        return new Evidence(
                job,
                topics.all(said -> said.topic().equals("events") && said.job().equals(job)),
                kept,
                shown(job),
                witness.of(job),
                kept.map(this::stored).orElse(List.of()),
                clockMoved);
    }

    private Set<String> open(Collection<String> jobs) {
        var ended = topics.all(ObservedRecord::isTerminalEvent).stream()
                .map(ObservedRecord::job)
                .collect(Collectors.toSet());
        return jobs.stream().filter(job -> !ended.contains(job)).collect(Collectors.toSet());
    }

    private Optional<JsonNode> last(String job) {
        var states =
                topics.all(said -> said.topic().equals("jobs") && said.job().equals(job));
        return states.isEmpty()
                ? Optional.empty()
                : Optional.of(states.get(states.size() - 1).json());
    }

    private Optional<JsonNode> shown(String job) {
        try {
            return Optional.of(client.generation(job));
        } catch (AssertionError | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static int version(Optional<JsonNode> state) {
        return state.map(known -> known.get("version").asInt()).orElse(0);
    }

    private List<ImageRead> stored(JsonNode state) {
        var reads = new ArrayList<ImageRead>();
        for (var list : List.of("images", "grids")) {
            for (var image : state.get(list)) {
                reads.add(store.read(Promise.of(image)));
            }
        }
        return reads;
    }
}
