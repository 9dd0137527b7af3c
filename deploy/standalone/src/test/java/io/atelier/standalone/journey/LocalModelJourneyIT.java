package io.atelier.standalone.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.contract.job.JobFolder;
import io.atelier.contract.job.JobId;
import io.atelier.storage.ObjectKey;
import io.atelier.storage.ObjectStore;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models of the models folder, over real HTTP, a real broker and a real store: their images are those that diffusers makes. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LocalModelJourneyIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path MODELS = Path.of("..", "..", "generator-worker/src/test/resources/diffusers-tiny");

    /** The difference of a sample that roundings in another order can make. */
    private static final int MAX_LEVELS = 2;

    @TempDir
    private static Path folder;

    private static StandaloneSystem system;

    @BeforeAll
    static void start() throws IOException {
        system = StandaloneSystem.start(folder, Map.of("ATELIER_INTEL_PORT", "0", "MODEL", "stable-diffusion-xl"));
        add("sdxl", "stable-diffusion-xl");
        add("sd3", "stable-diffusion-v3.5");
        add("sd3", "stable-diffusion-v3");
        add("flux", "flux.1-schnell");
        add("flux-dev", "flux.1-dev");
        for (var model : new String[] {"stable-diffusion-xl", "flux.1-dev"}) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> system.get("/v1/models/" + model).statusCode() == 200);
        }
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @DisplayName("A model that is added while the system runs makes the images of diffusers, sample for sample")
    @ParameterizedTest
    @CsvSource({
        "sdxl, stable-diffusion-xl",
        "sd3, stable-diffusion-v3.5",
        "flux, flux.1-schnell",
        "flux-dev, flux.1-dev"
    })
    void imageIsThatOfDiffusers(String tiny, String model) throws IOException {
        var golden = JSON.readTree(MODELS.resolve(tiny).resolve("golden.json").toFile())
                .at("/cases/0");

        var done = system.ended(system.submit(body(golden, model)).path("id").asString());

        assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("succeeded");
        assertThat(done.path("model").asString()).isEqualTo(model);
        var image = ImageIO.read(new ByteArrayInputStream(
                system.get(done.at("/images/0/url").asString()).body()));
        var expected = ImageIO.read(MODELS.resolve(tiny).resolve("golden.png").toFile());
        assertThat(largestDifference(image, expected)).isLessThanOrEqualTo(MAX_LEVELS);
    }

    @DisplayName(
            "Intel's five routes run each model of the replaced service in the worker, also the one of the setting MODEL")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "stable-diffusion-xl",
                "stable-diffusion-v3.5",
                "stable-diffusion-v3",
                "flux.1-schnell",
                "flux.1-dev"
            })
    void modelRunsThroughIntelsRoutes(String model) throws IOException {
        assertThat(intel("GET", "/health", "").body()).asString().contains("healthy");
        assertThat(intel("POST", "/pipeline/select-device", "{\"device\": \"CPU\"}")
                        .body())
                .asString()
                .contains("Pipeline prepared on CPU.");
        var body = JSON.createObjectNode();
        body.put("prompt", "a tiny red fox").put("width", 64).put("height", 64).put("num_inference_steps", 2);
        if (!model.isEmpty()) {
            body.put("model", model);
        }

        var started = intel("POST", "/pipeline/run", body.toString());
        assertThat(started.statusCode())
                .as(new String(started.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> JSON.readTree(intel("GET", "/pipeline/status", "").body())
                        .path("completed")
                        .asBoolean(false));
        var image = intel("GET", "/pipeline/image", "");

        assertThat(image.headers().firstValue("X-Model")).contains(model.isEmpty() ? "stable-diffusion-xl" : model);
        assertThat(ImageIO.read(new ByteArrayInputStream(image.body())).getWidth())
                .isEqualTo(64);
    }

    @DisplayName("A folder that cannot be used stops nothing: its engine says why, and the other models go on")
    @Test
    void unusableFolderSaysWhy() throws IOException {
        var broken = folder.resolve("models").resolve("broken");
        Files.createDirectories(broken);
        Files.writeString(broken.resolve("model_index.json"), "{\"_class_name\": \"AudioPipeline\"}");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                JSON.readTree(system.get("/v1/capabilities").body())
                                        .path("providers")
                                        .path("local/broken")
                                        .toString())
                        .contains("not_configured", "AudioPipeline"));

        assertThat(system.get("/v1/models/broken").statusCode()).isEqualTo(404);
        assertThat(system.get("/v1/models/stable-diffusion-xl").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName(
            "A client that asks for previews gets them while the image is made; none is left when the job has ended")
    void previewsAreShownAndDeleted() throws Exception {
        try (var application = system.s3Client()) {
            var store = application.store();
            // Long enough to be canceled before it ends.
            var id = system.submit(
                            "{\"model\": \"pocket\", \"prompt\": \"a red apple\", \"steps\": 100, \"n\": 4, \"seed\": 3}")
                    .path("id")
                    .asString();
            JsonNode preview;
            try (var plain = events(id, "");
                    var watching = events(id, "?previews=true")) {
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

    @Test
    @DisplayName("The erasure of a job that runs deletes its previews, also one that a killed worker left")
    void previewsOfAnErasedJobAreDeleted() throws Exception {
        try (var application = system.s3Client()) {
            var store = application.store();
            var id = system.submit(
                            "{\"model\": \"pocket\", \"prompt\": \"a red apple\", \"steps\": 100, \"n\": 4, \"seed\": 4}")
                    .path("id")
                    .asString();
            try (var watching = events(id, "?previews=true")) {
                dataOf("generation.preview", watching);
                var job = JobId.parse(id).orElseThrow();
                var left = new ObjectKey(JobFolder.preview(job, "generate", 9, 1));
                store.put(left, new byte[3], "image/jpeg", Map.of()).join();

                assertThat(system.delete("/v1/generations/" + id)).isIn(202, 204);
            }

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> system.get("/v1/generations/" + id).statusCode() == 410);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(objects(store, id)).isEmpty());
        }
    }

    private static void add(String tiny, String name) throws IOException {
        var target = folder.resolve("models").resolve(".download-" + name);
        var source = MODELS.resolve(tiny);
        Files.createDirectories(target);
        try (var files = Files.walk(source)) {
            for (var file : files.filter(path -> !path.equals(source)).toList()) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
        }
        Files.move(target, folder.resolve("models").resolve(name));
    }

    private static String body(JsonNode golden, String model) {
        var body = JSON.createObjectNode();
        body.put("model", model)
                .put("prompt", golden.path("prompt").asString())
                .put(
                        "size",
                        golden.path("width").asInt() + "x"
                                + golden.path("height").asInt())
                .put("steps", golden.path("num_inference_steps").asInt())
                .put("seed", golden.at("/seeds/0").asLong());
        if (golden.path("guidance_scale").asDouble() > 0) {
            body.put("guidance_scale", golden.path("guidance_scale").asDouble());
        }
        if (golden.path("negative_prompt").isString()) {
            body.put("negative_prompt", golden.path("negative_prompt").asString());
        }
        return body.toString();
    }

    private static int largestDifference(BufferedImage image, BufferedImage expected) {
        assertThat(image.getWidth()).isEqualTo(expected.getWidth());
        assertThat(image.getHeight()).isEqualTo(expected.getHeight());
        int largest = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                for (int shift = 0; shift < 24; shift += 8) {
                    int a = (image.getRGB(x, y) >> shift) & 0xFF;
                    int b = (expected.getRGB(x, y) >> shift) & 0xFF;
                    largest = Math.max(largest, Math.abs(a - b));
                }
            }
        }
        return largest;
    }

    private static HttpResponse<byte[]> intel(String method, String path, String body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(system.intelUrl() + path))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static List<String> objects(ObjectStore store, String id) {
        var job = JobId.parse(id).orElseThrow();
        return store.list(JobFolder.of(job), null, 100).join().objects().stream()
                .map(listed -> listed.key().value())
                .toList();
    }

    private static BufferedReader events(String id, String query) throws IOException, InterruptedException {
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
