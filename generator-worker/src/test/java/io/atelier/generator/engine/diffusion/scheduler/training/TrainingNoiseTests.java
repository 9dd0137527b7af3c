package io.atelier.generator.engine.diffusion.scheduler.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TrainingNoiseTests {

    private static final String STABLE_DIFFUSION =
            "\"beta_schedule\":\"scaled_linear\",\"beta_start\":0.00085,\"beta_end\":0.012";

    @Test
    @DisplayName("stable diffusion's levels are between 0.0292 and 14.6146")
    void scaledLinearLevels() {
        var noise = noise(STABLE_DIFFUSION);

        assertThat(noise.timesteps()).isEqualTo(1000);
        assertThat(noise.sigma(0)).isCloseTo(0.0291675329, within(1e-7));
        assertThat(noise.sigma(501)).isCloseTo(1.62369299, within(1e-6));
        assertThat(noise.sigma(999)).isCloseTo(14.6146469, within(1e-4));
    }

    @Test
    @DisplayName("without fields the betas are linear from 0.0001 to 0.02, and with LCM those of stable diffusion")
    void defaults() {
        assertThat(noise("").signal(0)).isCloseTo(1 - 0.0001, within(1e-7));
        assertThat(noise("").signal(1)).isCloseTo((1 - 0.0001) * (1 - (0.0001 + 0.0199 / 999)), within(1e-7));

        var lcm = TrainingNoise.ofLatentDiffusion(SchedulerFields.parse("x", "{}"));
        assertThat(lcm.sigma(999)).isCloseTo(14.6146469, within(1e-4));
    }

    @Test
    @DisplayName("the cosine schedule has the signal cos^2 of time, and betas of at most 0.999")
    void cosineSignal() {
        var noise = noise("\"beta_schedule\":\"squaredcos_cap_v2\"");

        double start = Math.pow(Math.cos(0.008 / 1.008 * Math.PI / 2), 2);
        double half = Math.pow(Math.cos(0.508 / 1.008 * Math.PI / 2), 2);
        assertThat(noise.cosine()).isTrue();
        assertThat(noise.signal(499)).isCloseTo(half / start, within(1e-5));
        assertThat(noise.signal(999) / noise.signal(998)).isCloseTo(0.001, within(1e-6));
        assertThat(noise(STABLE_DIFFUSION).cosine()).isFalse();
    }

    @Test
    void betasOfTheFileAreUsed() {
        var noise = noise("\"trained_betas\":[0.1,0.2,0.5]");

        assertThat(noise.timesteps()).isEqualTo(3);
        assertThat(noise.signal(2)).isCloseTo(0.9 * 0.8 * 0.5, within(1e-6));
    }

    @Test
    @DisplayName("rescaled noise leaves the first timestep as it is and has no signal at the last")
    void rescaledNoiseHasNoSignalAtTheEnd() {
        var plain = noise(STABLE_DIFFUSION);
        var rescaled = noise(STABLE_DIFFUSION + ",\"rescale_betas_zero_snr\":true");

        assertThat(rescaled.signal(0)).isCloseTo(plain.signal(0), within(1e-6));
        assertThat(rescaled.signal(999)).isZero();
        assertThat(rescaled.signal(500)).isLessThan(plain.signal(500));
        assertThat(rescaled.finite().sigma(999)).isCloseTo(4096, within(0.01));
        assertThat(rescaled.finite().signal(998)).isEqualTo(rescaled.signal(998));
        assertThat(plain.finite()).isSameAs(plain);
    }

    @Test
    void levelsBetweenTimestepsAreInterpolated() {
        var noise = noise(STABLE_DIFFUSION);

        assertThat(noise.sigma(10.25)).isCloseTo(0.75 * noise.sigma(10) + 0.25 * noise.sigma(11), within(1e-9));
    }

    @Test
    @DisplayName("the timestep of a level is interpolated by logarithms and stays within the training")
    void timestepsOfLevels() {
        var noise = noise(STABLE_DIFFUSION);

        assertThat(noise.timestepOf(noise.sigma(0))).isCloseTo(0, within(1e-3));
        assertThat(noise.timestepOf(noise.sigma(437))).isCloseTo(437, within(1e-3));
        assertThat(noise.timestepOf(noise.sigma(999))).isCloseTo(999, within(1e-3));
        assertThat(noise.timestepOf(Math.sqrt(noise.sigma(437) * noise.sigma(438))))
                .isCloseTo(437.5, within(1e-3));
        assertThat(noise.timestepOf(100)).isEqualTo(999);
        assertThat(noise.timestepOf(0)).isZero();
    }

    @Test
    void timestepsAfterTheLastCountAsTheLast() {
        var noise = noise(STABLE_DIFFUSION);

        assertThat(noise.signal(1000)).isEqualTo(noise.signal(999));
        assertThat(noise.sigma(1000)).isEqualTo(noise.sigma(999));
    }

    private static TrainingNoise noise(String fields) {
        return TrainingNoise.of(SchedulerFields.parse("scheduler_config.json", "{" + fields + "}"));
    }
}
