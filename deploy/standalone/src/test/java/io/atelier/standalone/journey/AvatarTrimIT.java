package io.atelier.standalone.journey;

import static io.atelier.avatarsample.provider.ProviderEndpoint.EDITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.atelier.avatarsample.provider.ProviderScript;
import io.atelier.avatarsample.provider.ScriptedAnswer;
import io.atelier.avatarsample.provider.ScriptedProvider;
import io.atelier.storage.ObjectKey;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Avatars whose tiles cannot be trimmed as usual: none is lost, and the job says which. */
class AvatarTrimIT {

    private static final int SIDE = 1024;
    private static final int CELL = SIDE / 2;
    private static final int BORDER = 12;
    private static final int GUTTER = 16;

    /** Without border and half of the gutter. */
    private static final int CONTENT = CELL - BORDER - GUTTER / 2;

    /** A blank cell is left as it is; of one with a sky no more is cropped than on its other sides. */
    private static final List<String> SIZES = List.of("492 x 492", "512 x 512", "492 x 488", "492 x 492");

    /** Not quite white, which the replaced service took for white. */
    private static final Color NEARLY_WHITE = new Color(254, 254, 254);

    @TempDir
    private static Path folder;

    private static ScriptedProvider provider;
    private static StandaloneSystem system;

    @BeforeAll
    static void start() throws IOException {
        var script = ProviderScript.immediate()
                .withAnswerTo(EDITS, "collects fog", image(grid()))
                .withAnswerTo(EDITS, "collects sand", image(plain(64)));
        provider = ScriptedProvider.start(script);
        system = StandaloneSystem.start(
                folder, Map.of("OPENAI_API_KEY", "a-key", "OPENAI_BASE_URL", provider.openAiUrl()));
    }

    @AfterAll
    static void stop() {
        system.close();
        provider.close();
    }

    @Test
    @DisplayName(
            "D-30: borders of 254 are cropped; a tile that cannot be cropped is published as it was cut, with a warning")
    void tileThatCannotBeTrimmedIsPublishedAsItWasCut() throws IOException {
        var done = succeeded("collects fog", 8);

        assertThat(done.path("images")).hasSize(8);
        for (int i = 0; i < 8; i++) {
            var published = published(done, i);
            assertThat(published.getWidth() + " x " + published.getHeight())
                    .as("image %d", i)
                    .isEqualTo(SIZES.get(i % 4));
        }
        assertThat(pixels(published(done, 5))).containsOnly(NEARLY_WHITE.getRGB());
        assertThat(done.path("warnings").valueStream())
                .extracting(
                        warning -> warning.path("code").asString(),
                        warning -> warning.path("tile").asInt(-1),
                        warning -> warning.path("message").asString().split(" \\(", 2)[0])
                .containsExactly(
                        tuple("tile-empty", 1, "Tile 1"),
                        tuple("tile-trim-limited", 2, "Tile 2"),
                        tuple("tile-empty", 5, "Tile 5"),
                        tuple("tile-trim-limited", 6, "Tile 6"));
    }

    @Test
    @DisplayName("D-30: tiles that are too small for a plain grid are published, with a warning")
    void smallTilesArePublished() throws IOException {
        var done = succeeded("collects sand", 4);

        assertThat(done.path("images")).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(published(done, i).getWidth()).isEqualTo(32);
        }
        assertThat(done.path("warnings").valueStream())
                .filteredOn(warning -> warning.path("code").asString().equals("tile-small"))
                .extracting(warning -> warning.path("tile").asInt(-1))
                .containsExactly(0, 1, 2, 3);
    }

    private static JsonNode succeeded(String bio, int images) {
        var created = system.submitTo("/v1/avatars", """
                {"persona":{"id":"of-%d","firstname":"Ada","lastname":"Miller","gender":"f","bio_facebook":"%s","bio_instagram":"",
                 "bio_x":"","bio_tiktok":""},"images":%d}\
                """.formatted(images, bio, images));
        var done = system.ended(created.path("id").asString());
        assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("succeeded");
        return done;
    }

    private static BufferedImage published(JsonNode job, int index) throws IOException {
        var key = new ObjectKey(job.at("/images/%d/key".formatted(index)).asString());
        try (var s3 = system.s3Client("avatars");
                var content = s3.store().open(key, null).join()) {
            return ImageIO.read(new ByteArrayInputStream(content.stream().readAllBytes()));
        }
    }

    /** Four cells: one with a usual border, one that is blank, one whose upper part could be a white sky, and a usual one. */
    private static BufferedImage grid() {
        var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.setColor(NEARLY_WHITE);
        pen.fillRect(0, 0, SIDE, SIDE);
        pen.setColor(Color.BLUE);
        pen.fillRect(BORDER, BORDER, CONTENT, CONTENT);
        int far = CELL + GUTTER / 2;
        pen.fillRect(far, far, CONTENT, CONTENT);
        int sky = CONTENT / 3;
        pen.fillRect(BORDER, far + sky, CONTENT, CONTENT - sky);
        pen.dispose();
        return image;
    }

    private static BufferedImage plain(int side) {
        var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.setColor(Color.BLUE);
        pen.fillRect(0, 0, side, side);
        pen.dispose();
        return image;
    }

    private static ScriptedAnswer image(BufferedImage image) throws IOException {
        var png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return ScriptedAnswer.json(
                200,
                "{\"data\":[{\"b64_json\":\"%s\"}]}"
                        .formatted(Base64.getEncoder().encodeToString(png.toByteArray())));
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
