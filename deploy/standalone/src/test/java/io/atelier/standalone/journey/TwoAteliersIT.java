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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One Atelier is an engine of another: a real image through both, over real HTTP, two brokers and two stores. */
@Tag("processes")
class TwoAteliersIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String REQUEST = """
            {"prompt":"a castle","negative_prompt":"blue","model":"%s","size":"256x256","seed":7,"steps":4,"guidance_scale":3.5}""";

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void imageThroughTwoAteliersEqualsThatOfTheFirstAlone(@TempDir Path near, @TempDir Path far) throws IOException {
        try (var generating = StandaloneSystem.start(near);
                var openAi = OpenAiImagesStub.inFrontOf(generating.url());
                var forwarding = StandaloneSystem.start(far, settings(openAi))) {
            var alone = generate(generating, "pocket");
            var through = generate(forwarding, "castles-elsewhere");

            assertThat(pixels(through)).isEqualTo(pixels(alone));
            assertThat(openAi.received()).singleElement().satisfies(body -> {
                assertThat(body.path("model").asString()).isEqualTo("pocket");
                assertThat(body.path("seed").asLong()).isEqualTo(7);
            });
        }
    }

    /** A model of another Atelier, and an engine with the URL of that Atelier. */
    private static Map<String, String> settings(OpenAiImagesStub openAi) {
        var server = "io.atelier.engines.openai.servers.neighbour.";
        var model = "io.atelier.catalogue.own[0].";
        return Map.ofEntries(
                Map.entry(server + "dialect", "atelier"),
                Map.entry(server + "url", openAi.url()),
                Map.entry(model + "id", "castles-elsewhere"),
                Map.entry(model + "engine", "neighbour"),
                Map.entry(model + "pool", "remote"),
                Map.entry(model + "engine-model", "pocket"),
                Map.entry(model + "created", "2026-11-21T00:00:00Z"),
                Map.entry(model + "owned-by", "a neighbour"),
                Map.entry(model + "license", "Apache-2.0"),
                Map.entry(model + "description", "Images of a neighbour."),
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

    private static BufferedImage generate(StandaloneSystem system, String model) throws IOException {
        var id = system.submit(REQUEST.formatted(model)).path("id").asString();
        JsonNode done = await().atMost(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> system.generation(id), job -> job.path("terminal").asBoolean(false));
        assertThat(done.path("status").asString()).as(done.toString()).isEqualTo("succeeded");
        var file =
                system.get(done.path("images").path(0).path("url").asString()).body();
        return ImageIO.read(new ByteArrayInputStream(file));
    }

    private static int[] pixels(BufferedImage image) {
        assertThat(image.getWidth()).isEqualTo(256);
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }
}
