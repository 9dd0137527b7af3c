package io.atelier.generator.engine.diffusion.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryEstimateTests {

    private static final Path SDXL = Path.of("src/test/resources/diffusers-tiny/sdxl");

    @TempDir
    private Path folder;

    @Test
    void weightsOf32BitsNeedATenthMoreThanTheirFiles() {
        var model = PipelineDescription.of(DiffusersFolder.open(SDXL));

        assertThat((double) MemoryEstimate.bytes(model)).isBetween(model.bytes() * 1.1 - 10, model.bytes() * 1.1);
        assertThat(MemoryEstimate.least(1_000)).isEqualTo(1_100);
    }

    @Test
    void networkWhoseHeaderIsThereCountsByItsNumberType() throws IOException {
        Files.copy(SDXL.resolve("model_index.json"), folder.resolve("model_index.json"));
        Files.createDirectories(folder.resolve("unet"));
        Files.copy(SDXL.resolve("variants/fp16/unet/model.onnx"), folder.resolve("unet/model.onnx"));

        var needed = MemoryEstimate.bytes(DiffusersFolder.open(folder), Map.of("unet", 1_000L, "vae_decoder", 100L));

        assertThat(needed).isEqualTo(2_100 + 110);
    }
}
