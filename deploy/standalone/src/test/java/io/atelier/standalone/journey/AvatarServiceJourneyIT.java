package io.atelier.standalone.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The two requests of an avatar service that called OpenAI by itself, byte by byte, to Atelier instead: a base image, and a grid that is an edit of it.
 * What reaches OpenAI is what the service sent.
 */
class AvatarServiceJourneyIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PROMPT = "A selfie. Person: a \"baker\" \ud83e\udd50. male.";
    private static final String GENERATION =
            "{\"model\":\"gpt-image-1.5\",\"prompt\":\"A selfie. Person: a \\\"baker\\\" \ud83e\udd50. male.\",\"size\":\"auto\",\"n\":1}";
    private static final String BOUNDARY = "5f1c9b2f4d";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void baseImageAndGridAreMadeAsBefore() throws Exception {
        try (var openAi = OpenAiEditsStub.open();
                var system = StandaloneSystem.start(
                        folder, Map.of("OPENAI_BASE_URL", openAi.url(), "OPENAI_API_KEY", "a-key"))) {
            var base = post(
                    system, "/v1/images/generations", "application/json", GENERATION.getBytes(StandardCharsets.UTF_8));

            assertThat(openAi.generations()).singleElement().satisfies(bytes -> {
                var sent = JSON.readTree(bytes);
                assertThat(sent.propertyNames()).containsExactlyInAnyOrder("model", "prompt", "size", "n");
                assertThat(sent.get("prompt").asString()).isEqualTo(PROMPT);
                assertThat(sent.get("size").asString()).isEqualTo("auto");
            });

            var grid = post(system, "/v1/images/edits", "multipart/form-data; boundary=" + BOUNDARY, form(image(base)));

            assertThat(ImageIO.read(new ByteArrayInputStream(image(grid)))).isNotNull();
            assertThat(openAi.forms()).singleElement().satisfies(form -> {
                assertThat(latin1(form)).contains("name=\"image[]\"", "name=\"prompt\"", "four views");
                // An uploaded image loses its metadata.
                assertThat(pixels(part(form))).isEqualTo(pixels(image(base)));
            });
        }
    }

    private JsonNode post(StandaloneSystem system, String path, String contentType, byte[] body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(system.url() + path))
                .timeout(Duration.ofMinutes(10))
                .header("Authorization", "Bearer the-key-of-the-service")
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    /** The parts in the order of the service. */
    private static byte[] form(byte[] baseImage) {
        var form = new ByteArrayOutputStream();
        var texts = new LinkedHashMap<String, String>();
        texts.put("prompt", "four views");
        texts.put("model", "gpt-image-1.5");
        texts.put("n", "1");
        texts.put("size", "auto");
        texts.forEach((name, value) -> write(form, "--" + BOUNDARY, disposition(name), "", value));
        write(
                form,
                "--" + BOUNDARY,
                disposition("image[]") + "; filename=\"base_image.png\"",
                "Content-Type: image/png",
                "");
        form.writeBytes(baseImage);
        write(form, "", "--" + BOUNDARY + "--");
        return form.toByteArray();
    }

    private static String disposition(String name) {
        return "Content-Disposition: form-data; name=\"%s\"".formatted(name);
    }

    private static void write(ByteArrayOutputStream form, String... lines) {
        for (var line : lines) {
            form.writeBytes((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] image(JsonNode response) {
        return Base64.getDecoder().decode(response.at("/data/0/b64_json").asString());
    }

    /** The form from the beginning of its image on. */
    private static byte[] part(byte[] form) {
        return Arrays.copyOfRange(form, latin1(form).indexOf("\u0089PNG"), form.length);
    }

    private static int[] pixels(byte[] png) throws IOException {
        var image = ImageIO.read(new ByteArrayInputStream(png));
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
