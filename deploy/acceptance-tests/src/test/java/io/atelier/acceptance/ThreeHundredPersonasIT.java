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

/** Batches of three hundred personas each, one after the other, in a system of one process whose engines take 100 ms. */
@Tag("processes")
class ThreeHundredPersonasIT {

    private static final int PERSONAS = 300;

    private static final List<Integer> CONCURRENCIES = List.of(3, 20);

    /**
     * Neither the images of an ended avatar may be kept, which have 150 KB, nor its history, which has 12 events of 3 KB. The store of this system keeps
     * the keys of its objects.
     */
    private static final long MOST_BYTES_OF_EVENT = 3_000;

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
                RUNS.add(PersonaBatchRun.of(system, "batch-" + RUNS.size(), PERSONAS, concurrency));
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
            "Personas get their turns in their order, and the provider sees them in it, but for those that are let in at the same time")
    void orderIsFair(PersonaBatchRun run) {
        assertOrder(run, Comparator.comparing(AvatarTurn::released));
        assertOrder(run, Comparator.comparingLong(AvatarTurn::firstCall));
    }

    private static void assertOrder(PersonaBatchRun run, Comparator<AvatarTurn> order) {
        var sorted = run.turns().stream().sorted(order).map(AvatarTurn::index).toList();
        int furthest = -1;
        for (int i = 0; i < sorted.size(); i++) {
            int index = sorted.get(i);
            // Those before it that have not come are open, and fewer than the concurrency are when it is let in.
            assertThat(index - numberBelow(index, sorted.subList(0, i)))
                    .as("personas before %d that come later", index)
                    .isLessThan(run.concurrency());
            // One that is let in may wait at a worker while others come and go, but not for long.
            assertThat(index).as("comes after %d", furthest).isGreaterThan(furthest - 2 * run.concurrency());
            furthest = Math.max(furthest, index);
        }
    }

    private static int numberBelow(int index, List<Integer> indexes) {
        return (int) indexes.stream().filter(other -> other < index).count();
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
        var before = RUNS.get(0).heap();
        var after = RUNS.get(1).heap();
        int events = RUNS.get(1).turns().stream().mapToInt(AvatarTurn::events).sum();

        assertThat(after.total() - before.total())
                .as("growth of the heap while there were %d events:%n%s", events, after.growthSince(before))
                .isLessThan(events * MOST_BYTES_OF_EVENT);
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
        // Else three of four full collections leave garbage at its place, which the histogram counts as int[].
        settings.put("JDK_JAVA_OPTIONS", "-XX:MarkSweepAlwaysCompactCount=1");
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
