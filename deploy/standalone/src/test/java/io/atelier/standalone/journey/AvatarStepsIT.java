package io.atelier.standalone.journey;

import static io.atelier.avatarsample.provider.ProviderEndpoint.EDITS;
import static io.atelier.avatarsample.provider.ProviderEndpoint.GENERATIONS;
import static io.atelier.avatarsample.provider.ProviderEndpoint.PREDICTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.avatarsample.provider.ScriptedProvider;
import io.atelier.storage.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The steps of an avatar one by one, each with the results of the earlier ones. */
class AvatarStepsIT {

    private static final String PERSONA = """
        {"persona":{"id":"7","firstname":"Ada","lastname":"Miller","gender":"f","bio_facebook":"bakes bread","bio_instagram":"",
         "bio_x":"","bio_tiktok":""}}\
        """;

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "Prompt, base image, grid, split and publish are jobs of their own, with one call of the provider each at most")
    void eachStepIsAJobOfItsOwn() {
        try (var provider = ScriptedProvider.start(ProviderScript.immediate().withSide(512));
                var system = StandaloneSystem.start(
                        folder,
                        Map.of(
                                "OPENAI_API_KEY",
                                "a-key",
                                "OPENAI_BASE_URL",
                                provider.openAiUrl(),
                                "FLOWISE_URL",
                                provider.flowiseUrl(),
                                "FLOWISE_FLOW",
                                "avatar-prompts"))) {
            var prompt = succeeded(system, "/v1/avatars/prompt", PERSONA);
            assertThat(prompt.path("images")).isEmpty();
            var text = new String(
                    system.get(prompt.at("/avatar/prompts/0/url").asString()).body(), StandardCharsets.UTF_8);
            assertThat(text).contains("2 x 2 grid", "bakes bread");
            assertThat(provider.calls()).hasSize(1);

            var base = succeeded(system, "/v1/avatars/base", PERSONA);
            assertThat(base.path("images")).hasSize(1);
            assertThat(provider.calls(GENERATIONS)).hasSize(1);

            var grid = succeeded(system, "/v1/avatars/grid", """
                {"base":{"generation":{"id":"%s","index":0}},"prompt":"four views"}\
                """.formatted(id(base)));
            assertThat(grid.path("images")).hasSize(1);
            assertThat(grid.at("/images/0/width").asInt()).isEqualTo(512);
            assertThat(provider.calls(EDITS)).singleElement().satisfies(edit -> {
                assertThat(edit.text()).isEqualTo("four views");
                assertThat(edit.files().get(0).sha256())
                        .isEqualTo(base.at("/images/0/sha256").asString());
            });

            var split = succeeded(system, "/v1/grids/split?rows=2&cols=2", """
                {"image":{"generation":{"id":"%s","index":0}}}\
                """.formatted(id(grid)));
            assertThat(split.path("images")).hasSize(4);

            var published = succeeded(system, "/v1/avatars/publish", """
                {"key_base":"avatars/people/ada","images":[{"generation":{"id":"%1$s","index":2}},{"generation":{"id":"%1$s","index":1}}]}\
                """.formatted(id(split)));
            assertThat(published.path("images").valueStream())
                    .extracting(image -> image.path("key").asString())
                    .containsExactly("avatars/people/ada_0.png", "avatars/people/ada_1.png");
            try (var s3 = system.s3Client("avatars")) {
                assertThat(s3.store()
                                .find(new ObjectKey("avatars/people/ada_0.png"))
                                .join()
                                .orElseThrow()
                                .sha256())
                        .isEqualTo(split.at("/images/2/sha256").asString());
            }
            assertThat(provider.calls(PREDICTIONS)).hasSize(1);
            assertThat(provider.calls()).hasSize(3);
        }
    }

    private static JsonNode succeeded(StandaloneSystem system, String path, String body) {
        var done = system.ended(id(system.submitTo(path, body)));
        assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("succeeded");
        return done;
    }

    private static String id(JsonNode job) {
        return job.path("id").asString();
    }
}
