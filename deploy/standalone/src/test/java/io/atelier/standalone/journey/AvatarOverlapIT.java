package io.atelier.standalone.journey;

import static io.atelier.avatarsample.provider.ProviderEndpoint.EDITS;
import static io.atelier.avatarsample.provider.ProviderEndpoint.GENERATIONS;
import static io.atelier.avatarsample.provider.ProviderEndpoint.PREDICTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.avatarsample.provider.ScriptedProvider;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which calls of an avatar are under way at the same time: the provider answers only when they are. */
class AvatarOverlapIT {

    @TempDir
    private Path folder;

    @Test
    @DisplayName("Prompt and base image are made at the same time, and then both grids at the same time")
    void callsThatNeedNothingOfEachOtherOverlap() {
        var script = ProviderScript.immediate()
                .withSide(256)
                .withBarrier(2, PREDICTIONS, GENERATIONS)
                .withBarrier(2, EDITS);
        try (var provider = ScriptedProvider.start(script);
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
            var done =
                    system.ended(system.submitTo("/v1/avatars", """
                {"persona":{"id":"7","firstname":"Ada","lastname":"Miller","gender":"f","bio_facebook":"bakes","bio_instagram":"",
                 "bio_x":"","bio_tiktok":""},"images":8}\
                """).path("id").asString());

            assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("succeeded");
            var prompt = provider.calls(PREDICTIONS).get(0);
            var base = provider.calls(GENERATIONS).get(0);
            assertThat(provider.calls()).hasSize(4);
            assertThat(provider.calls(EDITS)).hasSize(2).allSatisfy(edit -> {
                assertThat(edit.startedAfter(prompt)).isTrue();
                assertThat(edit.startedAfter(base)).isTrue();
            });
        }
    }
}
