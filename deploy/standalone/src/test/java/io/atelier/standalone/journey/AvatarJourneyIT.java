package io.atelier.standalone.journey;

import static io.atelier.avatarsample.provider.ProviderEndpoint.EDITS;
import static io.atelier.avatarsample.provider.ProviderEndpoint.GENERATIONS;
import static io.atelier.avatarsample.provider.ProviderEndpoint.PREDICTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.atelier.avatarsample.provider.JsonText;
import io.atelier.avatarsample.provider.ProviderCall;
import io.atelier.avatarsample.provider.ProviderEndpoint;
import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.avatarsample.provider.ScriptedProvider;
import io.atelier.contract.digest.Sha256;
import io.atelier.storage.ObjectKey;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Avatars from the request to the published images: real HTTP, a real broker and a real store, and a provider that follows a script. */
class AvatarJourneyIT {

    private static final String SUFFIX = "Shot on film.";
    /** The scripted provider makes cells of this side in grids of 512 pixels. */
    private static final int CELL = 246;

    private static final List<Integer> CELLS_FROM = List.of(6, 260);

    @TempDir
    private static Path folder;

    private static ScriptedProvider provider;
    private static StandaloneSystem system;

    @BeforeAll
    static void start() {
        provider = ScriptedProvider.start(ProviderScript.immediate().withSide(512));
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
                        "avatar-prompts",
                        "BASE_PROMPT_APPEND",
                        SUFFIX));
    }

    @AfterAll
    static void stop() {
        system.close();
        provider.close();
    }

    @Test
    @DisplayName("Eight images are two edits of one base image, cut row by row and published under keys of the persona")
    void eightImagesAreTwoGridsOfOneBaseImage() throws IOException {
        var done = succeeded("/v1/avatars", """
            {"persona":%s,"images":8}\
            """.formatted(persona("42", "keeps bees", "m")));

        var base = onlyCall(GENERATIONS, "keeps bees");
        assertThat(base.names()).containsExactlyInAnyOrder("model", "prompt", "size", "n");
        assertThat(base.fields()).containsEntry("size", "auto").containsEntry("n", "1");
        assertThat(base.text())
                .contains("keeps bees", "male")
                .doesNotContain("female")
                .endsWith(SUFFIX);
        var stored = image(done, "base");
        assertThat(stored.getWidth()).isEqualTo(512);
        var edits = provider.calls(EDITS, "keeps bees");
        assertThat(edits).hasSize(2).allSatisfy(edit -> {
            assertThat(edit.names()).containsExactly("prompt", "model", "n", "size", "image[]");
            assertThat(edit.fields()).containsEntry("size", "auto").containsEntry("n", "1");
            assertThat(edit.text()).startsWith("Four views of the same person").endsWith(SUFFIX);
            assertThat(edit.files()).singleElement().satisfies(file -> {
                assertThat(file.fileName()).isEqualTo("base_image.png");
                assertThat(file.contentType()).isEqualTo("image/png");
                assertThat(file.sha256()).isEqualTo(done.at("/base/sha256").asString());
            });
        });
        onlyCall(PREDICTIONS, "keeps bees");
        imagesAreTheCellsOfTheGrids(done);
        stagesEndedInOrder(done);
    }

    /** Each image is the cell of its number, and its copy has the same bytes. */
    private static void imagesAreTheCellsOfTheGrids(JsonNode done) throws IOException {
        assertThat(done.path("images")).hasSize(8);
        assertThat(done.at("/grid/originals")).hasSize(2);
        try (var s3 = system.s3Client("avatars")) {
            for (int i = 0; i < 8; i++) {
                var properties = done.path("images").path(i);
                var key = "avatars/42/img_%d.png".formatted(i);
                assertThat(properties.path("index").asInt(-1)).isEqualTo(i);
                assertThat(properties.path("bucket").asString()).isEqualTo("avatars");
                assertThat(properties.path("key").asString()).isEqualTo(key);
                var bytes = system.get(properties.path("url").asString()).body();
                assertThat(Sha256.of(bytes).hex())
                        .isEqualTo(properties.path("sha256").asString());
                var cell = image(done, i < 4 ? "grid" : "grid-1")
                        .getSubimage(CELLS_FROM.get(i % 2), CELLS_FROM.get(i / 2 % 2), CELL, CELL);
                assertThat(pixels(read(bytes))).isEqualTo(pixels(cell));
                var copy = s3.store().find(new ObjectKey(key)).join().orElseThrow();
                assertThat(copy.mediaType()).isEqualTo("image/png");
                try (var content = s3.store().open(new ObjectKey(key), null).join()) {
                    assertThat(content.stream().readAllBytes()).isEqualTo(bytes);
                }
            }
        }
    }

    private static void stagesEndedInOrder(JsonNode done) {
        var names = new ArrayList<String>();
        var ends = new ArrayList<Instant>();
        for (var stage : done.path("stages")) {
            names.add(stage.path("stage").asString());
            ends.add(Instant.parse(stage.path("completed_at").asString()));
            assertThat(Instant.parse(stage.path("started_at").asString())).isBeforeOrEqualTo(ends.get(ends.size() - 1));
            assertThat(stage.path("done").asInt(-1))
                    .isEqualTo(stage.path("total").asInt(0));
        }
        assertThat(names).containsExactly("prompting", "drawing-base", "drawing-grids", "splitting", "publishing");
        assertThat(ends.subList(1, 5)).isSorted();
    }

    @Test
    @DisplayName("The flow gets the seven texts of the persona as its state")
    void flowGetsThePersonAsItsState() {
        succeeded("/v1/avatars", "{\"persona\":%s}".formatted(persona("43", "mends nets", "other")));

        var call = onlyCall(PREDICTIONS, "mends nets");
        assertThat(call.fields().get("question")).isEqualTo("go");
        assertThat(JsonText.object(call.text()))
                .containsOnlyKeys(
                        "firstname", "lastname", "gender", "bio_facebook", "bio_instagram", "bio_x", "bio_tiktok")
                .containsEntry("bio_facebook", "mends nets")
                .containsEntry("gender", "other");
    }

    @Test
    @DisplayName("With distinct prompts each grid has its own, and the flow is told the earlier ones")
    void distinctPromptsAreWrittenOneAfterTheOther() {
        var done = succeeded("/v1/avatars", """
            {"persona":%s,"images":8,"distinct_prompts":true}\
            """.formatted(persona("44", "tunes pianos", "f")));

        var prompts = provider.calls(PREDICTIONS, "tunes pianos");
        assertThat(prompts).hasSize(2);
        assertThat(prompts.get(1).startedAfter(prompts.get(0))).isTrue();
        assertThat(new String(prompts.get(0).body(), StandardCharsets.UTF_8)).doesNotContain("prompts_history");
        assertThat(new String(prompts.get(1).body(), StandardCharsets.UTF_8))
                .contains("prompts_history", "already used, avoid: ", "Scene: ");
        assertThat(provider.calls(EDITS, "tunes pianos"))
                .extracting(ProviderCall::text)
                .hasSize(2)
                .doesNotHaveDuplicates();
        assertThat(done.at("/avatar/prompts")).hasSize(2);
        for (int g = 0; g < 2; g++) {
            var text = system.get(done.at("/avatar/prompts/%d/url".formatted(g)).asString());
            assertThat(new String(text.body(), StandardCharsets.UTF_8)).contains("tunes pianos");
        }
    }

    @Test
    @DisplayName("A given prompt and the base image of an earlier avatar need one call for each grid")
    void givenPromptAndBaseNeedNoOtherCalls() {
        var earlier = succeeded("/v1/avatars", "{\"persona\":%s}".formatted(persona("45", "climbs masts", "f")));
        int generations = provider.calls(GENERATIONS).size();
        int predictions = provider.calls(PREDICTIONS).size();

        succeeded("/v1/avatars", """
            {"persona":%s,"prompt":"On the moon.","base":{"generation":{"id":"%s"}}}\
            """.formatted(
                        persona("45", "climbs masts", "f"), earlier.path("id").asString()));

        assertThat(provider.calls(GENERATIONS)).hasSize(generations);
        assertThat(provider.calls(PREDICTIONS)).hasSize(predictions);
        assertThat(provider.calls(EDITS))
                .filteredOn(call -> call.text().equals("On the moon."))
                .singleElement()
                .satisfies(edit -> assertThat(edit.files().get(0).sha256())
                        .isEqualTo(earlier.at("/base/sha256").asString()));
    }

    @Test
    @DisplayName("With a face the base image is an edit of it, and ethnicity and age are in its prompt, in this order")
    void baseImageFollowsAFace() {
        var face = succeeded("/v1/avatars/base", "{\"persona\":%s}".formatted(persona("46", "repairs clocks", "m")));

        succeeded("/v1/avatars", """
            {"persona":%s,"face":{"generation":{"id":"%s","index":0}}}\
            """.formatted(
                        persona("47", "keeps goats", "m")
                                .replace("\"gender\"", "\"ethnicity\":\"Basque\",\"age\":51,\"gender\""),
                        face.path("id").asString()));

        assertThat(provider.calls(GENERATIONS, "keeps goats")).isEmpty();
        assertThat(provider.calls(EDITS, "keeps goats")).hasSize(2);
        assertThat(provider.calls(EDITS, "keeps goats").get(0).text())
                .containsSubsequence("keeps goats", "Basque", "51", "male", SUFFIX);
        assertThat(provider.calls(EDITS, "keeps goats").get(0).files().get(0).sha256())
                .isEqualTo(face.at("/images/0/sha256").asString());
    }

    @Test
    @DisplayName("An erased avatar leaves neither its images nor their published copies")
    void erasureRemovesThePublishedCopies() {
        var id = succeeded("/v1/avatars", "{\"persona\":%s}".formatted(persona("48", "drives trams", "f")))
                .path("id")
                .asString();

        assertThat(system.delete("/v1/generations/" + id)).isBetween(200, 204);

        assertThat(system.get("/v1/generations/%s/images/0".formatted(id)).statusCode())
                .isEqualTo(410);
        assertThat(system.get("/v1/generations/%s/images/base".formatted(id)).statusCode())
                .isEqualTo(410);
        assertThat(system.get("/v1/generations/%s/prompts/0".formatted(id)).statusCode())
                .isEqualTo(410);
        try (var s3 = system.s3Client("avatars")) {
            for (int i = 0; i < 4; i++) {
                var key = new ObjectKey("avatars/48/img_%d.png".formatted(i));
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> s3.store().find(key).join().isEmpty());
            }
        }
    }

    private static ProviderCall onlyCall(ProviderEndpoint endpoint, String marker) {
        var calls = provider.calls(endpoint, marker);
        assertThat(calls).hasSize(1);
        return calls.get(0);
    }

    private static JsonNode succeeded(String path, String body) {
        var done = system.ended(system.submitTo(path, body).path("id").asString());
        assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("succeeded");
        return done;
    }

    private static String persona(String id, String bio, String gender) {
        return """
            {"id":"%s","firstname":"Ada","lastname":"Miller","gender":"%s","bio_facebook":"%s","bio_instagram":"","bio_x":"",
             "bio_tiktok":""}\
            """.formatted(id, gender, bio);
    }

    private static BufferedImage image(JsonNode job, String name) throws IOException {
        return read(system.get(
                        "/v1/generations/%s/images/%s".formatted(job.path("id").asString(), name))
                .body());
    }

    private static BufferedImage read(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
