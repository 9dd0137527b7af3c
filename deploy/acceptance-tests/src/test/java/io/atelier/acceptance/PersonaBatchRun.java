package io.atelier.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.avatarsample.provider.ProviderCall;
import io.atelier.avatarsample.provider.ScriptedProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One batch from its request to its end, as a client, a subscriber and the provider see it.
 *
 * @param concurrency that of the request
 * @param polls what each answer about it said, in order
 * @param last the last answer
 * @param turns those of its avatars, in the order of the personas
 * @param heap what was in the heap of the system afterwards
 */
record PersonaBatchRun(
        int concurrency, List<BatchPoll> polls, JsonNode last, List<AvatarTurn> turns, LiveObjects heap) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final long POLL_MILLIS = 100;

    /**
     * A system in which batches are run.
     *
     * @param pid its only process
     */
    record TargetSystem(HttpApiClient client, String brokers, ScriptedProvider provider, long pid) {}

    /**
     * Creates a batch and waits for its end.
     *
     * @param name different for each batch
     */
    static PersonaBatchRun of(TargetSystem system, String name, int personas, int concurrency)
            throws InterruptedException {
        var response = system.client()
                .post(
                        "/v1/avatar-batches",
                        Map.of(
                                "personas",
                                IntStream.range(0, personas)
                                        .mapToObj(index -> persona(name, index))
                                        .toList(),
                                "concurrency",
                                concurrency));
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(202);
        var path = JSON.readTree(response.body()).at("/urls/self").asString();
        var polls = new ArrayList<BatchPoll>();
        var deadline = Instant.now().plus(TIMEOUT);
        JsonNode last;
        do {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            last = system.client().json(path);
            polls.add(BatchPoll.of(last));
        } while (!last.path("terminal").asBoolean() && Instant.now().isBefore(deadline));
        var heap = LiveObjects.of(system.pid());
        return new PersonaBatchRun(concurrency, List.copyOf(polls), last, turns(system, name, last), heap);
    }

    private static List<AvatarTurn> turns(TargetSystem system, String name, JsonNode batch) {
        var calls = system.provider().calls();
        try (var consumer = new TopicConsumer(system.brokers())) {
            var events = consumer.readAll();
            return batch.path("avatars")
                    .valueStream()
                    .filter(avatar -> avatar.path("status").asString().equals("succeeded"))
                    .map(avatar -> {
                        int index = avatar.path("index").asInt();
                        return AvatarTurn.of(
                                index,
                                events.getOrDefault(avatar.path("id").asString(), List.of()),
                                about(calls, name, index));
                    })
                    .toList();
        }
    }

    private static List<ProviderCall> about(List<ProviderCall> calls, String name, int index) {
        return calls.stream()
                .filter(call -> call.text().contains(marker(name, index)))
                .toList();
    }

    /** A persona whose calls of the provider can be told from those of others. */
    static Map<String, String> persona(String name, int index) {
        return Map.of(
                "id", name + "-" + index,
                "firstname", "Ada",
                "lastname", "Miller",
                "gender", "f",
                "bio_facebook", marker(name, index) + ", and bakes.",
                "bio_instagram", "",
                "bio_x", "",
                "bio_tiktok", "");
    }

    /** Words of the first bio, which is in each prompt. */
    private static String marker(String name, int index) {
        return "Signs as %s %03d".formatted(name, index);
    }
}
