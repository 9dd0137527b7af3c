package io.atelier.standalone.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.storage.ObjectStore;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Previews over real HTTP, a real broker, a real store and a real model. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PreviewJourneyIT {

    private static final JsonMapper JSON = new JsonMapper();

    @Test
    @DisplayName(
            "A client that asks for previews gets them while the image is made; none is left when the job has ended")
    void previewsAreShownAndDeleted(@TempDir Path folder) throws Exception {
        try (var system = StandaloneSystem.start(folder);
                var application = system.s3Client()) {
            var store = application.store();
            // Long enough to be canceled before it ends.
            var id = system.submit(
                            "{\"model\": \"pocket\", \"prompt\": \"a red apple\", \"steps\": 150, \"n\": 4, \"seed\": 3}")
                    .path("id")
                    .asString();
            JsonNode preview;
            try (var plain = events(system, id, "");
                    var watching = events(system, id, "?previews=true")) {
                preview = JSON.readTree(dataOf("generation.preview", watching));
                assertThat(objects(store, id)).isNotEmpty().allMatch(key -> key.contains("/preview-"));
                system.cancel(id);
                assertThat(plain.lines().filter(line -> line.startsWith("event:")))
                        .isNotEmpty()
                        .noneMatch(line -> line.contains("preview"));
            }

            assertThat(preview.path("id").asString()).isEqualTo(id);
            assertThat(preview.path("media_type").asString()).isEqualTo("image/jpeg");
            var image = ImageIO.read(new ByteArrayInputStream(
                    Base64.getDecoder().decode(preview.path("data").asString())));
            assertThat(image.getWidth())
                    .isEqualTo(64)
                    .isEqualTo(preview.path("width").intValue());
            assertThat(system.ended(id).path("status").asString()).isEqualTo("canceled");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(objects(store, id)).isEmpty());
        }
    }

    private static List<String> objects(ObjectStore store, String id) {
        var job = JobId.parse(id).orElseThrow();
        return store.list(JobFolder.of(job), null, 100).join().objects().stream()
                .map(listed -> listed.key().value())
                .toList();
    }

    private static BufferedReader events(StandaloneSystem system, String id, String query)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(system.url() + "/v1/generations/" + id + "/events" + query))
                .build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The data of the next event with a name; fails if the stream ends before. */
    private static String dataOf(String name, BufferedReader stream) throws IOException {
        boolean isFound = false;
        for (var line = stream.readLine(); line != null; line = stream.readLine()) {
            isFound |= line.equals("event:" + name);
            if (isFound && line.startsWith("data:")) {
                return line.substring("data:".length());
            }
        }
        throw new AssertionError("The stream ended without an event " + name);
    }
}
