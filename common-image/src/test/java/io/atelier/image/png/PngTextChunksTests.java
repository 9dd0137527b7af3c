package io.atelier.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.ImageSize;
import io.atelier.contract.job.GenerationRequest;
import io.atelier.contract.job.GenerationRequest.Metadata;
import io.atelier.contract.job.JobId;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PngTextChunksTests {

    private static final PngHeader SIZE = PngHeader.of(64, 48, ColourType.RGB, 8);

    private final JobId job = JobId.of(new UUID(1, 2));

    @Test
    void fullContainsAllParametersAndTheMetadataOfTheEngine() {
        var text = PngTextChunks.of(
                job, request(Metadata.FULL), 43L, SIZE, Map.of("native-size", "64x64", "model", "not this"));

        assertThat(text.entries())
                .containsOnly(
                        Map.entry("Software", "Atelier"),
                        Map.entry("job", job.value()),
                        Map.entry("model", "pocket"),
                        Map.entry("seed", "43"),
                        Map.entry("prompt", "a cat"),
                        Map.entry("negative_prompt", "rain"),
                        Map.entry("engine", "pocket-engine"),
                        Map.entry("steps", "8"),
                        Map.entry("guidance_scale", "2.5"),
                        Map.entry("native-size", "64x64"),
                        Map.entry(
                                "parameters",
                                "a cat\nNegative prompt: rain\nSteps: 8, CFG scale: 2.5, Seed: 43, Size: 64x48, Model: pocket, Version: Atelier"));
    }

    @Test
    void minimalContainsModelSeedAndJobOnly() {
        var text = PngTextChunks.of(job, request(Metadata.MINIMAL), 43L, SIZE, Map.of("native-size", "64x64"));

        assertThat(text.entries()).containsOnlyKeys("Software", "job", "model", "seed");
    }

    @Test
    void noneContainsNoEntries() {
        assertThat(PngTextChunks.of(job, request(Metadata.NONE), 43L, SIZE, Map.of("native-size", "64x64"))
                        .entries())
                .isEmpty();
    }

    @Test
    void anUnknownSeedIsLeftOut() {
        assertThat(PngTextChunks.of(job, request(Metadata.MINIMAL), null, SIZE, Map.of())
                        .entries())
                .containsOnlyKeys("Software", "job", "model");
    }

    private static GenerationRequest request(Metadata metadata) {
        return GenerationRequest.builder()
                .prompt("a cat")
                .negativePrompt("rain")
                .model("pocket")
                .requestedModel("auto")
                .engine("pocket-engine")
                .pool("default")
                .size(new ImageSize(64, 64))
                .steps(8)
                .guidanceScale(2.5)
                .seed(42)
                .metadata(metadata)
                .build();
    }
}
