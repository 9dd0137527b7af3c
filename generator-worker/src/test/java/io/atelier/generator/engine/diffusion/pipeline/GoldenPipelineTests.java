package io.atelier.generator.engine.diffusion.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that diffusers computed with the tiny pipelines is computed here, too: from the token ids to the picture. */
class GoldenPipelineTests {

    @TempDir
    Path temporary;

    @ParameterizedTest
    @MethodSource("io.atelier.generator.engine.diffusion.pipeline.GoldenCase#all")
    void everyNumberEqualsThatOfDiffusers(GoldenCase golden) {
        var comparison = GoldenRun.compare(golden, golden.folder(temporary));

        assertThat(comparison.failures()).isEmpty();
        assertThat(comparison.largest()).containsKeys("tokens", "embeddings", "latents", "final latents", "image");
    }
}
