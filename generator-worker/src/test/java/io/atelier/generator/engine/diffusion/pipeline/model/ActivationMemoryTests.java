package io.atelier.generator.engine.diffusion.pipeline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atelier.generator.engine.diffusion.pipeline.TinyPipelines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivationMemoryTests {

    private static final double MEBIBYTE = 1 << 20;

    /** The measured values are the growth of the largest resident memory of a process that evaluates these networks with ONNX Runtime 1.28. */
    @ParameterizedTest
    @CsvSource({"sd15, 256, 70", "sd15, 512, 1064", "flux-dev, 1024, 347"})
    void estimateIsAboveTheMeasuredMemoryByAtMostAThird(String model, int side, double measured) {
        var whole = memory(model);
        var ofDenoiser =
                new ActivationMemory(whole.denoiser(), whole.rows(), 0, whole.vaeScale(), new VaeTiling(0, 1), true);

        double estimated = ofDenoiser.bytes((long) side * side, 1) / MEBIBYTE;

        assertThat(estimated).isBetween(measured, measured * 1.34);
    }

    /** The sizes of the published models, whose attention decides. */
    @Test
    void attentionOfStableDiffusionGrowsWithTheSquareOfThePixels() {
        var denoiser = new DenoiserActivations(8, 1, 0, 320, 1);
        var memory = new ActivationMemory(denoiser, 2, 256, 8, new VaeTiling(1 << 20, 64), true);

        assertThat(memory.bytes(512 * 512, 1) / 1e9).isCloseTo(2.6, within(0.1));
        assertThat(memory.bytes(512 * 512, 2) / 1e9).isCloseTo(5.2, within(0.2));
        assertThat(memory.bytes(2048 * 2048, 1) / 1e9).isCloseTo(608, within(5.0));
    }

    @Test
    void memoryOfTheVaeGrowsUntilItsImagesAreCut() {
        var memory = new ActivationMemory(
                new DenoiserActivations(1, 0, 0, 0, 0), 1, 256, 8, new VaeTiling(1 << 20, 64), true);

        assertThat(memory.bytes(512 * 512, 1) / 1e9).isCloseTo(1.2, within(0.1));
        assertThat(memory.bytes(1024 * 1024, 1) / 1e9).isCloseTo(4.8, within(0.1));
        assertThat(memory.bytes(4096 * 4096, 4)).isEqualTo(memory.bytes(1024 * 1024, 1));
    }

    @Test
    void mostPixelsAreThoseWhoseMemoryIsThere() {
        var memory = memory("sd15");
        long most = memory.maxPixels(100 << 20, 4096 * 4096);

        assertThat(memory.bytes(most, 1)).isLessThanOrEqualTo(100 << 20);
        assertThat(memory.bytes(most + 1, 1)).isGreaterThan(100 << 20);
        assertThat(memory.maxPixels(Long.MAX_VALUE, 4096 * 4096)).isEqualTo(4096 * 4096);
        assertThat(memory.maxPixels(-1, 4096 * 4096)).isZero();
    }

    private static ActivationMemory memory(String model) {
        return PipelineDescription.of(DiffusersFolder.open(TinyPipelines.folder(model)))
                .activations();
    }
}
