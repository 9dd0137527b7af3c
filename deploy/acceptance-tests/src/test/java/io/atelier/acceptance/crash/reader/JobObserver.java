package io.atelier.acceptance.crash.reader;

import io.atelier.acceptance.HttpApiClient;
import io.atelier.acceptance.crash.reader.ImageReadResult.ExpectedImage;
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

/** Collects all observations of jobs: from the topics, over HTTP and from the store. */
public final class JobObserver {

    private static final Duration AGREEMENT_TIMEOUT = Duration.ofSeconds(10);

    private final TopicReader topics;
    private final ImageAvailabilityProbe imageProbe;
    private final StoreReader store;
    private final HttpApiClient client;

    public JobObserver(TopicReader topics, ImageAvailabilityProbe imageProbe, StoreReader store, HttpApiClient client) {
        this.topics = topics;
        this.imageProbe = imageProbe;
        this.store = store;
        this.client = client;
    }

    /** Waits until each job has a terminal event, and returns the jobs without one at the timeout. */
    public Set<String> unfinished(Collection<String> jobs, Duration timeout) {
        try {
            Awaitility.await()
                    .atMost(timeout)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> open(jobs).isEmpty());
        } catch (ConditionTimeoutException e) {
            return open(jobs);
        }
        return Set.of();
    }

    /** Collects the observations of a job. Waits up to 10 s until the state over HTTP, which follows the topics, is up to date. */
    public JobObservations of(String job, boolean clockShifted) {
        var topicState = lastState(job);
        try {
            Awaitility.await().atMost(AGREEMENT_TIMEOUT).until(() -> version(httpState(job)) == version(topicState));
        } catch (ConditionTimeoutException e) {
            // The difference is part of the observations.
        }
        return new JobObservations(
                job,
                topics.all(received ->
                        received.topic().equals("events") && received.job().equals(job)),
                topicState,
                httpState(job),
                imageProbe.results(job),
                topicState.map(this::readObjects).orElse(List.of()),
                clockShifted);
    }

    private Set<String> open(Collection<String> jobs) {
        var ended = topics.all(TopicRecord::isTerminalEvent).stream()
                .map(TopicRecord::job)
                .collect(Collectors.toSet());
        return jobs.stream().filter(job -> !ended.contains(job)).collect(Collectors.toSet());
    }

    private Optional<JsonNode> lastState(String job) {
        var states = topics.all(
                received -> received.topic().equals("jobs") && received.job().equals(job));
        return states.isEmpty()
                ? Optional.empty()
                : Optional.of(states.get(states.size() - 1).json());
    }

    private Optional<JsonNode> httpState(String job) {
        try {
            return Optional.of(client.generation(job));
        } catch (AssertionError | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private static int version(Optional<JsonNode> state) {
        return state.map(value -> value.get("version").asInt()).orElse(0);
    }

    private List<ImageReadResult> readObjects(JsonNode state) {
        var reads = new ArrayList<ImageReadResult>();
        for (var list : List.of("images", "grids")) {
            for (var image : state.get(list)) {
                reads.add(store.read(ExpectedImage.of(image)));
            }
        }
        if (state.path("base").isObject()) {
            reads.add(store.read(ExpectedImage.of(state.get("base"))));
        }
        return reads;
    }
}
