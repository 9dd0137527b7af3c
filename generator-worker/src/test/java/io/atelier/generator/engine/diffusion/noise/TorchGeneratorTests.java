package io.atelier.generator.engine.diffusion.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The expected numbers are those of {@code torch.randn} of PyTorch 2.15 on a CPU; the schedules of the pipelines check more of them. */
class TorchGeneratorTests {

    private static final float TOLERANCE = 1e-6f;
    private static final String FILE = "/io/atelier/generator/engine/diffusion/scheduler/schedulers-golden.json";

    @ParameterizedTest
    @MethodSource("goldenNumbers")
    void numbersEqualThoseOfTorch(long seed, float[] expected) {
        assertThat(normal(new TorchGenerator(seed), expected.length)).containsExactly(expected, within(TOLERANCE));
    }

    @Test
    @DisplayName("the second number of a pair is kept for the next call, as torch's generator does")
    void pairsContinueInTheNextCall() {
        var whole = normal(new TorchGenerator(7), 15);
        var parts = new TorchGenerator(7);

        assertThat(normal(parts, 3)).containsExactly(Arrays.copyOf(whole, 3));
        assertThat(normal(parts, 5)).containsExactly(Arrays.copyOfRange(whole, 3, 8));
        assertThat(normal(parts, 7)).containsExactly(Arrays.copyOfRange(whole, 8, 15));
    }

    @Test
    @DisplayName("a call for 16 and more leaves the kept number for the next call for fewer")
    void blocksDoNotUseTheKeptNumber() {
        var whole = normal(new TorchGenerator(7), 4);
        var parts = new TorchGenerator(7);

        normal(parts, 3);
        normal(parts, 16);

        assertThat(normal(parts, 1)).containsExactly(whole[3]);
    }

    @Test
    void blocksContinueInTheNextCall() {
        var whole = normal(new TorchGenerator(5), 64);
        var parts = new TorchGenerator(5);

        assertThat(normal(parts, 32)).containsExactly(Arrays.copyOf(whole, 32));
        assertThat(normal(parts, 32)).containsExactly(Arrays.copyOfRange(whole, 32, 64));
    }

    @Test
    @DisplayName("an incomplete block is drawn again with 16 numbers more, so that the next call starts after them")
    void incompleteBlocksAreDrawnAgain() {
        var incomplete = new TorchGenerator(5);
        var complete = new TorchGenerator(5);

        normal(incomplete, 24);
        normal(incomplete, 24);
        normal(complete, (24 + 16) * 2);

        assertThat(normal(incomplete, 16)).containsExactly(normal(complete, 16));
    }

    @Test
    void numbersAreWrittenFromAnIndexOn() {
        var into = new float[40];
        new TorchGenerator(3).normal(into, 8, 24);

        assertThat(Arrays.copyOfRange(into, 8, 32)).containsExactly(normal(new TorchGenerator(3), 24));
        assertThat(Arrays.copyOf(into, 8)).containsOnly(0f);
        assertThat(Arrays.copyOfRange(into, 32, 40)).containsOnly(0f);
    }

    @Test
    void onlyTheLow32BitsOfASeedAreUsed() {
        assertThat(normal(new TorchGenerator(0x1234_0000_0005L), 16))
                .containsExactly(normal(new TorchGenerator(5), 16));
    }

    static Stream<Object[]> goldenNumbers() throws IOException {
        try (var in = TorchGeneratorTests.class.getResourceAsStream(FILE)) {
            return new JsonMapper().readTree(in).path("randn").propertyStream().map(entry -> new Object[] {
                Long.parseLong(entry.getKey().replaceAll("\\((\\d+),.*", "$1")), floats(entry.getValue())
            });
        }
    }

    private static float[] floats(JsonNode list) {
        var floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = list.get(i).floatValue();
        }
        return floats;
    }

    private static float[] normal(TorchGenerator generator, int count) {
        var numbers = new float[count];
        generator.normal(numbers, 0, count);
        return numbers;
    }
}
