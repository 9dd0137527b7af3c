package io.atelier.standalone.journey;

import static io.atelier.avatarsample.provider.ProviderEndpoint.EDITS;
import static io.atelier.avatarsample.provider.ProviderEndpoint.GENERATIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.avatarsample.provider.ProviderCall;
import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.avatarsample.provider.ScriptedAnswer;
import io.atelier.avatarsample.provider.ScriptedProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A batch of ten persons, of whom the provider refuses one. */
class AvatarBatchIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PERSONS = 10;
    private static final int CONCURRENCY = 3;
    private static final int REFUSED = 4;

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "D-28: nine avatars succeed, the batch names the one that failed, and the provider never works on more persons than the concurrency")
    void oneRefusedPersonaDoesNotStopTheOthers() {
        var script = ProviderScript.immediate()
                .withSide(256)
                // Answers two base images at a time, so that no batch ends whose persons come one after the other.
                .withBarrier(2, GENERATIONS)
                // So long that more persons would meet at the provider if they were let in.
                .withDelay(EDITS, Duration.ofMillis(300))
                .withAnswerTo(GENERATIONS, hobby(REFUSED), ScriptedAnswer.moderation("moderation_blocked"));
        try (var provider = ScriptedProvider.start(script);
                var system = StandaloneSystem.start(
                        folder, Map.of("OPENAI_API_KEY", "a-key", "OPENAI_BASE_URL", provider.openAiUrl()))) {
            var created = system.submitTo("/v1/avatar-batches", """
                {"personas": [%s], "concurrency": %d}\
                """.formatted(personas(), CONCURRENCY));
            assertThat(created.path("status").asString()).isEqualTo("running");

            var batch = ended(system, created.at("/urls/self").asString());

            assertThat(batch.path("status").asString()).as(batch.toString()).isEqualTo("completed_with_errors");
            assertThat(batch.path("counts").toString()).isEqualTo("{\"failed\":1,\"succeeded\":9}");
            var failed = batch.path("avatars").path(REFUSED);
            assertThat(failed.path("persona_id").asString()).isEqualTo("p" + REFUSED);
            assertThat(failed.path("status").asString()).isEqualTo("failed");
            assertThat(failed.at("/error/code").asString()).isEqualTo("moderation-blocked");
            assertThat(batch.toString()).doesNotContain("collects");
            assertThat(provider.calls(GENERATIONS)).hasSize(PERSONS);
            assertThat(provider.calls(EDITS)).hasSize(PERSONS - 1);
            assertThat(mostAtOnce(provider.calls())).isLessThanOrEqualTo(CONCURRENCY);
        }
    }

    private static JsonNode ended(StandaloneSystem system, String path) {
        return await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> JSON.readTree(new String(system.get(path).body(), StandardCharsets.UTF_8)),
                        batch -> batch.path("terminal").asBoolean(false));
    }

    /** The most persons whose work was under way when a call was received: from the first call about a person to the end of the last one. */
    private static int mostAtOnce(List<ProviderCall> calls) {
        return calls.stream().mapToInt(call -> under(call, calls).size()).max().orElse(0);
    }

    private static Set<Integer> under(ProviderCall moment, List<ProviderCall> calls) {
        var persons = new HashSet<Integer>();
        for (int person = 0; person < PERSONS; person++) {
            var marker = hobby(person);
            var own = calls.stream().filter(call -> call.mentions(marker)).toList();
            boolean hasBegun = own.stream().anyMatch(call -> call.startNanos() - moment.startNanos() <= 0);
            boolean isOver = own.stream().allMatch(moment::startedAfter);
            if (hasBegun && !isOver) {
                persons.add(person);
            }
        }
        return persons;
    }

    private static String personas() {
        return IntStream.range(0, PERSONS)
                .mapToObj(person -> """
                {"id": "p%d", "firstname": "Ada", "lastname": "Miller", "gender": "f", "bio_facebook": "%s", "bio_instagram": "",
                 "bio_x": "", "bio_tiktok": ""}\
                """.formatted(person, hobby(person)))
                .collect(Collectors.joining(", "));
    }

    private static String hobby(int person) {
        return "collects stamp " + person + ".";
    }
}
