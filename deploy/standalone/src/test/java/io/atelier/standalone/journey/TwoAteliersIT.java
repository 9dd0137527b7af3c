package io.atelier.standalone.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One Atelier is an engine of another: a real picture through both, over real HTTP, two brokers and two stores. */
class TwoAteliersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ASKED = """
            {"prompt":"a castle","negative_prompt":"blue","model":"%s","size":"256x256","seed":7,"steps":4,"guidance_scale":3.5}""";

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void aImageThroughTwoAteliersIsTheOneThatTheFirstDrawsAlone(@TempDir Path near, @TempDir Path far)
            throws IOException {
        try (var drawing = StandaloneSystem.start(near);
                var door = OpenAiImagesStub.before(drawing.url());
                var asking = StandaloneSystem.start(far, settings(door))) {
            var alone = drawn(drawing, "pocket");
            var through = drawn(asking, "castles-elsewhere");

            assertThat(pixels(through)).isEqualTo(pixels(alone));
            assertThat(door.asked()).singleElement().satisfies(wish -> {
                assertThat(wish.path("model").asString()).isEqualTo("pocket");
                assertThat(wish.path("seed").asLong()).isEqualTo(7);
            });
        }
    }

    /** A model that a neighbour draws, and an engine that knows where the neighbour is. */
    private static Map<String, String> settings(OpenAiImagesStub door) {
        var server = "io.atelier.engines.openai.servers.neighbour.";
        var model = "io.atelier.catalogue.own[0].";
        return Map.ofEntries(
                Map.entry(server + "dialect", "atelier"),
                Map.entry(server + "url", door.url()),
                Map.entry(model + "id", "castles-elsewhere"),
                Map.entry(model + "engine", "neighbour"),
                Map.entry(model + "pool", "remote"),
                Map.entry(model + "engine-model", "pocket"),
                Map.entry(model + "created", "2026-11-21T00:00:00Z"),
                Map.entry(model + "owned-by", "a neighbour"),
                Map.entry(model + "license", "Apache-2.0"),
                Map.entry(model + "description", "What a neighbour draws."),
                Map.entry(model + "sizes.min", "64"),
                Map.entry(model + "sizes.max", "1024"),
                Map.entry(model + "sizes.multiple-of", "8"),
                Map.entry(model + "sizes.standard.width", "256"),
                Map.entry(model + "sizes.standard.height", "256"),
                Map.entry(model + "steps.min", "1"),
                Map.entry(model + "steps.max", "100"),
                Map.entry(model + "steps.standard", "25"),
                Map.entry(model + "guidance.min", "0"),
                Map.entry(model + "guidance.max", "30"),
                Map.entry(model + "guidance.standard", "2.5"),
                Map.entry(model + "negative-prompt", "true"));
    }

    private static BufferedImage drawn(StandaloneSystem system, String model) throws IOException {
        var id = system.submit(ASKED.formatted(model)).path("id").asString();
        JsonNode done = await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> system.generation(id), job -> job.path("terminal").asBoolean(false));
        assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("succeeded");
        var file =
                system.get(done.path("images").path(0).path("url").asString()).body();
        return ImageIO.read(new ByteArrayInputStream(file));
    }

    private static int[] pixels(BufferedImage picture) {
        assertThat(picture.getWidth()).isEqualTo(256);
        return picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    }
}
