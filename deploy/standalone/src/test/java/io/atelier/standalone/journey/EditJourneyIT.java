package io.atelier.standalone.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An image of one job is the source image of another one: over real HTTP, a real broker and a real store. */
class EditJourneyIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String EDIT = """
        {"prompt":"four views","model":"gpt-image-2","images":[{"generation":{"id":"%s","index":1}}]}\
        """;

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    @DisplayName(
            "An edit sends the stored source image; erasing the source leaves the edit unchanged; a model that was shut down is replaced")
    void storedImageIsEditedAndMayThenBeErased(@TempDir Path folder) {
        try (var openAi = OpenAiEditsStub.open();
                var system = StandaloneSystem.start(
                        folder, Map.of("OPENAI_BASE_URL", openAi.url(), "OPENAI_API_KEY", "a-key"))) {
            var base = system.submit("""
                {"prompt":"a person","model":"test-card","size":"320x240","n":2}\
                """).path("id").asString();
            var image = ended(system, base).path("images").path(1);
            var stored = system.get(image.path("url").asString()).body();

            var edit = system.submit(EDIT.formatted(base)).path("id").asString();
            var done = ended(system, edit);

            assertThat(openAi.forms())
                    .singleElement()
                    .satisfies(form -> assertThat(text(form)).contains("name=\"image[]\"", "four views", text(stored)));
            assertThat(done.at("/request/images/0/generation/id").asString()).isEqualTo(base);

            editsAnUploadedFile(system, openAi, stored);
            assertThat(system.delete("/v1/generations/" + base)).isBetween(200, 204);
            await().atMost(TIMEOUT)
                    .until(() -> system.get(image.path("url").asString()).statusCode() == 410);

            assertThat(system.generation(edit)).isEqualTo(done);
            assertThat(system.get(done.at("/images/0/url").asString()).statusCode())
                    .isEqualTo(200);
            var refused = system.post("application/json", EDIT.formatted(base));
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("/images/0/generation/id", "erased");
        }
    }

    /** An uploaded file with itself as the mask; the file may then be deleted. */
    private static void editsAnUploadedFile(StandaloneSystem system, OpenAiEditsStub openAi, byte[] png) {
        var uploaded = system.post("/v1/files", "image/png", HttpRequest.BodyPublishers.ofByteArray(png));
        var path = uploaded.headers().firstValue("Location").orElseThrow();
        var file = path.substring(path.lastIndexOf('/') + 1);

        var id = system.submit("""
            {"prompt":"a hat","model":"gpt-image-1","quality":"max","images":[{"file_id":"%1$s"}],"mask":{"file_id":"%1$s"}}\
            """.formatted(file)).path("id").asString();
        var done = ended(system, id);

        assertThat(openAi.forms())
                .last()
                .satisfies(form -> assertThat(text(form))
                        .contains("name=\"image[]\"", "name=\"mask\"; filename=\"mask.png\"", "a hat")
                        .contains("gpt-image-2.6-flare", "name=\"quality\"", "max"));
        assertThat(done.at("/warnings/0/code").asString()).isEqualTo("model-replaced");
        assertThat(done.at("/usage/provider_calls").asInt()).isEqualTo(1);
        assertThat(done.at("/usage/provider/input_tokens_details/image_tokens").asInt())
                .isEqualTo(40);
        assertThat(done.at("/usage/provider/output_tokens").asInt()).isEqualTo(50);
        assertThat(done.at("/usage/provider/images").asInt()).isEqualTo(1);
        assertThat(done.at("/request/images/0/file_id").asString()).isEqualTo(file);
        assertThat(system.delete(path)).isEqualTo(204);
        assertThat(system.get(done.at("/images/0/url").asString()).statusCode()).isEqualTo(200);
        var refused = system.post(
                "application/json",
                "{\"prompt\":\"a hat\",\"model\":\"gpt-image-2\",\"images\":[{\"file_id\":\"%s\"}]}".formatted(file));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("/images/0/file_id", "was deleted");
    }

    private static JsonNode ended(StandaloneSystem system, String id) {
        JsonNode done = await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> system.generation(id), job -> job.path("terminal").asBoolean(false));
        assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("succeeded");
        return done;
    }

    /** The bytes as ISO 8859-1 characters. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
