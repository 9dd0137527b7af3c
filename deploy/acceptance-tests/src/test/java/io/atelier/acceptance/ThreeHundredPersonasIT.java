package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.acceptance.PersonaBatchRun.TargetSystem;
import io.atelier.avatarsample.provider.ProviderEndpoint;
import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.avatarsample.provider.ScriptedProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two batches of three hundred personas each, one after the other, in a system of one process whose engines take 100 ms: first three avatars at a
 * time, then twenty.
 */
@Tag("processes")
class ThreeHundredPersonasIT {

    private static final int PERSONAS = 300;
    private static final List<Integer> CONCURRENCIES = List.of(3, 20);
    private static final Duration ENGINE_TIME = Duration.ofMillis(100);

    @TempDir
    private static Path folder;

    private static final List<PersonaBatchRun> RUNS = new ArrayList<>();

    @BeforeAll
    static void runBatches() throws InterruptedException {
        var ports = FreePorts.find();
        var client = new HttpApiClient(ports.http());
        try (var provider = ScriptedProvider.start(script());
                var process = AtelierProcess.up("system", "", settings(ports, provider))) {
            client.awaitReady(process);
            awaitWorkers(client);
            var system = new TargetSystem(client, ports.brokers(), provider, process.pid());
            for (int concurrency : CONCURRENCIES) {
                RUNS.add(PersonaBatchRun.of(system, "batch-" + concurrency, PERSONAS, concurrency));
            }
        }
    }

    static List<PersonaBatchRun> runs() {
        return RUNS;
    }

    @ParameterizedTest
    @MethodSource("runs")
    void allAvatarsSucceed(PersonaBatchRun run) {
        assertThat(run.last().path("status").asString())
                .as(run.last().toString())
                .isEqualTo("completed");
        assertThat(run.last().path("counts").toString()).isEqualTo("{\"succeeded\":%d}".formatted(PERSONAS));
        assertThat(run.turns()).hasSize(PERSONAS);
    }

    @ParameterizedTest
    @MethodSource("runs")
    @DisplayName(
            "Turns come in the order of the personas; at the provider no persona overtakes one that is more places ahead than avatars are made at a time")
    void orderIsFair(PersonaBatchRun run) {
        assertThat(run.turns()).extracting(AvatarTurn::released).isSorted();
        var started = run.turns().stream()
                .sorted(Comparator.comparingLong(AvatarTurn::firstCall))
                .map(AvatarTurn::index)
                .toList();
        int last = -1;
        for (int index : started) {
            assertThat(index).as("started after %d", last).isGreaterThanOrEqualTo(last - run.concurrency());
            last = Math.max(last, index);
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    void neverMoreThanTheConcurrencyAreUnderWay(PersonaBatchRun run) {
        for (var turn : run.turns()) {
            assertThat(run.turns())
                    .filteredOn(other -> other.isUnderWayAtReleaseOf(turn))
                    .hasSizeLessThanOrEqualTo(run.concurrency());
            assertThat(run.turns())
                    .filteredOn(other -> other.isUnderWayAtFirstCallOf(turn))
                    .hasSizeLessThanOrEqualTo(run.concurrency());
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    @DisplayName(
            "Each answer about the batch counts all avatars, none goes back, and an answer shows every end that let in what the one before shows")
    void progressIsVisible(PersonaBatchRun run) {
        var polls = run.polls();
        assertThat(polls).allSatisfy(poll -> assertThat(poll.counted()).isEqualTo(PERSONAS));
        for (int i = 1; i < polls.size(); i++) {
            var before = polls.get(i - 1);
            var poll = polls.get(i);
            assertThat(poll.ended()).containsAll(before.ended());
            assertThat(before.held()).containsAll(poll.held());
            assertThat(poll.ended()).hasSizeGreaterThanOrEqualTo(before.released(PERSONAS) - run.concurrency());
        }
        assertThat(polls)
                .filteredOn(poll -> !poll.ended().isEmpty() && poll.ended().size() < PERSONAS)
                .hasSizeGreaterThan(10);
    }

    @Test
    void heapDoesNotGrowWithEndedAvatars() {
        var heap = RUNS.stream().flatMap(run -> run.heap().stream()).toList();
        for (int i = 1; i < heap.size(); i++) {
            System.out.println(heap.get(i - 1).total() + " -> " + heap.get(i).total() + "\n"
                    + heap.get(i).growthSince(heap.get(i - 1)));
        }
    }

    /** Avatars are refused until a worker has reported its engines. */
    private static void awaitWorkers(HttpApiClient client) {
        var persona = Map.of("persona", PersonaBatchRun.persona("first", 0));
        Awaitility.await("an accepted avatar")
                .atMost(Duration.ofMinutes(2))
                .until(() -> client.post("/v1/avatars", persona).statusCode() == 202);
    }

    private static Map<String, String> settings(FreePorts ports, ScriptedProvider provider) {
        var settings = new HashMap<>(ports.settings(folder.resolve("data"), 4));
        settings.put("OPENAI_API_KEY", "the-scripted-provider-takes-any");
        settings.put("OPENAI_BASE_URL", provider.openAiUrl());
        settings.put("FLOWISE_URL", provider.flowiseUrl());
        settings.put("FLOWISE_FLOW", "avatar-prompts");
        return settings;
    }

    private static ProviderScript script() {
        return ProviderScript.immediate()
                .withSide(256)
                .withDelay(ProviderEndpoint.PREDICTIONS, ENGINE_TIME)
                .withDelay(ProviderEndpoint.GENERATIONS, ENGINE_TIME)
                .withDelay(ProviderEndpoint.EDITS, ENGINE_TIME);
    }
}
