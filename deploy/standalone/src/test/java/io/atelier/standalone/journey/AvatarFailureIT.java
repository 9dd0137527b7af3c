package io.atelier.standalone.journey;

import static io.atelier.avatarsample.provider.ProviderEndpoint.EDITS;
import static io.atelier.avatarsample.provider.ProviderEndpoint.GENERATIONS;
import static io.atelier.avatarsample.provider.ProviderEndpoint.PREDICTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.avatarsample.provider.ProviderEndpoint;
import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.avatarsample.provider.ScriptedAnswer;
import io.atelier.avatarsample.provider.ScriptedProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Avatars whose provider refuses, is overloaded or answers nonsense. */
class AvatarFailureIT {

    @TempDir
    private static Path folder;

    private static ScriptedProvider provider;
    private static StandaloneSystem system;

    @BeforeAll
    static void start() {
        var script = ProviderScript.immediate()
                .withSide(256)
                .withFirstAnswers(GENERATIONS, ScriptedAnswer.rateLimit(Duration.ofSeconds(1)))
                .withFirstAnswers(EDITS, ScriptedAnswer.serverError())
                .withFirstAnswers(PREDICTIONS, ScriptedAnswer.flowError(429, "Too many requests"))
                .withAnswerTo(GENERATIONS, "paints clouds", ScriptedAnswer.moderation("moderation_blocked"))
                .withAnswerTo(GENERATIONS, "paints waves", ScriptedAnswer.moderation("content_policy_violation"))
                .withAnswerTo(EDITS, "sells kites", ScriptedAnswer.moderation("moderation_blocked"))
                .withAnswerTo(EDITS, "sells tents", ScriptedAnswer.moderation("content_policy_violation"))
                .withAnswerTo(EDITS, "counts sheep", ScriptedAnswer.refused("invalid_value", "No sheep, please."))
                .withAnswerTo(PREDICTIONS, "reads maps", ScriptedAnswer.flow("no JSON"));
        provider = ScriptedProvider.start(script);
        system = StandaloneSystem.start(
                folder,
                Map.of(
                        "OPENAI_API_KEY",
                        "a-key",
                        "OPENAI_BASE_URL",
                        provider.openAiUrl(),
                        "FLOWISE_URL",
                        provider.flowiseUrl(),
                        "FLOWISE_FLOW",
                        "avatar-prompts"));
        // Takes the first answers.
        var done = ended("bakes bread");
        assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("succeeded");
    }

    @AfterAll
    static void stop() {
        system.close();
        provider.close();
    }

    @Test
    @DisplayName("A rate limit, a server error and a busy flow are waited for, and the avatar succeeds")
    void whatPassesIsRepeated() {
        assertThat(provider.calls(GENERATIONS, "bakes bread")).hasSize(2);
        assertThat(provider.calls(EDITS, "bakes bread")).hasSize(2);
        assertThat(provider.calls(PREDICTIONS, "bakes bread")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "paints clouds, GENERATIONS, base",
        "paints waves, GENERATIONS, base",
        "sells kites, EDITS, grid-0",
        "sells tents, EDITS, grid-0"
    })
    @DisplayName(
            "A policy violation fails the avatar after one call, with the words that old clients search for and no word of the persona")
    void policyViolationIsNeverRepeated(String bio, ProviderEndpoint endpoint, String task) {
        var done = ended(bio);

        assertThat(done.path("status").asString()).isEqualTo("failed");
        assertThat(done.at("/error/code").asString()).isEqualTo("moderation-blocked");
        assertThat(done.at("/error/message").asString()).contains("content_policy_violation");
        assertThat(done.toString()).doesNotContain(bio);
        assertThat(done.path("last_errors").valueStream())
                .anySatisfy(failed -> assertThat(failed.path("task").asString()).isEqualTo(task))
                .allSatisfy(failed -> assertThat(failed.path("attempt").asInt()).isEqualTo(1));
        assertThat(provider.calls(endpoint, bio)).hasSize(1);
        assertThat(done.path("images")).isEmpty();
        assertThat(done.path("base").isObject()).isEqualTo(endpoint == EDITS);
    }

    @Test
    @DisplayName("Another 400 is a refused request")
    void anotherRefusalRejectsTheRequest() {
        var done = ended("counts sheep");

        assertThat(done.at("/error/code").asString()).isEqualTo("request-rejected");
        assertThat(done.at("/error/message").asString()).contains("No sheep, please.");
        assertThat(provider.calls(EDITS, "counts sheep")).hasSize(1);
    }

    @Test
    @DisplayName("A flow without a prompt in its answer fails the avatar, and names the missing field")
    void flowWithoutAPromptFailsTheAvatar() {
        var done = ended("reads maps");

        assertThat(done.at("/error/code").asString()).isEqualTo("invalid-response");
        assertThat(done.at("/error/message").asString()).contains("'text'");
        assertThat(provider.calls(EDITS, "reads maps")).isEmpty();
    }

    private static JsonNode ended(String bio) {
        return system.ended(
                system.submitTo("/v1/avatars", """
            {"persona":{"id":"7","firstname":"Ada","lastname":"Miller","gender":"f","bio_facebook":"%s","bio_instagram":"",
             "bio_x":"","bio_tiktok":""}}\
            """.formatted(bio)).path("id").asString());
    }
}
