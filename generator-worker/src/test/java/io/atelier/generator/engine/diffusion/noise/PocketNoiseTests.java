package io.atelier.generator.engine.diffusion.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atelier.generator.engine.diffusion.pipeline.PocketGolden;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The expected numbers are those of PyTorch 2.15 on a CPU. */
class PocketNoiseTests {

    private static final float TOLERANCE = 1e-6f;

    @ParameterizedTest
    @MethodSource("io.atelier.generator.engine.diffusion.pipeline.PocketGolden#all")
    void theNoiseEqualsTheGoldenNumbers(PocketGolden golden) {
        var noise = standardNormal(golden.numbers().seed(), 3 * 64 * 64);

        var expected = golden.numbers().noiseFirst();
        for (int i = 0; i < expected.size(); i++) {
            assertThat(noise[i]).isCloseTo(expected.get(i), within(TOLERANCE));
        }
    }

    @Test
    void fewerThanSixteenNumbersAreComputedInPairs() {
        assertThat(standardNormal(7, 5))
                .containsExactly(
                        floats(
                                -0.1467950940132141,
                                0.7861412763595581,
                                0.9468216300010681,
                                -1.1143440008163452,
                                1.6907901763916016),
                        within(TOLERANCE));
    }

    @Test
    void theLastSixteenNumbersAreComputedAgainIfTheLastBlockIsIncomplete() {
        var numbers = standardNormal(42, 35);

        assertThat(Arrays.copyOfRange(numbers, 16, 19))
                .containsExactly(
                        floats(1.6423169374465942, -0.1595974713563919, -0.4973975419998169), within(TOLERANCE));
        assertThat(Arrays.copyOfRange(numbers, 31, 35))
                .containsExactly(
                        floats(-0.4879138767719269, -1.4180599451065063, 0.8962683081626892, 0.049905385822057724),
                        within(TOLERANCE));
    }

    @Test
    void onlyTheLow32BitsOfASeedAreUsed() {
        var numbers = standardNormal(1234567890123L, 64);

        assertThat(Arrays.copyOf(numbers, 3))
                .containsExactly(
                        floats(-0.5685415267944336, -0.1992170363664627, 1.0399844646453857), within(TOLERANCE));
        assertThat(numbers).isEqualTo(standardNormal(1234567890123L & 0xffffffffL, 64));
    }

    @Test
    void manyNumbersHaveMeanZeroAndVarianceOne() {
        double sum = 0;
        double squares = 0;
        for (float number : standardNormal(1, 1_000_000)) {
            sum += number;
            squares += number * number;
        }

        assertThat(sum / 1_000_000).isCloseTo(0, within(0.005));
        assertThat(squares / 1_000_000).isCloseTo(1, within(0.005));
    }

    /** The first numbers of a seed. */
    static float[] standardNormal(long seed, int count) {
        var numbers = new float[count];
        new TorchGenerator(seed).normal(numbers, 0, count);
        return numbers;
    }

    private static float[] floats(double... values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
