package io.atelier.generator.engine.diffusion.pipeline.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atelier.generator.engine.diffusion.pipeline.latents.LatentShape;
import io.atelier.generator.engine.diffusion.pipeline.model.VaeTiling;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TileGridTests {

    private static final int TILE = 32;

    @Test
    void neighboursOverlapByAQuarterAndReachTheEnd() {
        for (int length = 1; length < 300; length++) {
            var axis = BlendedAxis.of(length, TILE);

            assertThat(axis.start(0)).isZero();
            assertThat(axis.start(axis.tiles() - 1) + axis.tile()).isEqualTo(length);
            for (int i = 1; i < axis.tiles(); i++) {
                assertThat(axis.start(i) - axis.start(i - 1)).isBetween(1, TILE * 3 / 4);
            }
        }
    }

    @Test
    void sharesAddUpToOneAndChangeSlowly() {
        for (int length = TILE; length < 300; length++) {
            var axis = BlendedAxis.of(length, TILE);
            var sum = new double[length * 8];
            for (int i = 0; i < axis.tiles(); i++) {
                var weights = axis.weights(i, 8);
                for (int at = 0; at < weights.length; at++) {
                    sum[axis.start(i) * 8 + at] += weights[at];
                    assertThat(weights[at]).isBetween(0f, 1f);
                    if (at > 0) {
                        assertThat(Math.abs(weights[at] - weights[at - 1])).isLessThan(0.03f);
                    }
                }
            }
            assertThat(sum).containsOnly(new double[] {1}, within(1e-6));
        }
    }

    @Test
    void partsPutTogetherAreTheWhole() {
        var shape = new LatentShape(3, 50, 71);
        var grid = TileGrid.of(new VaeTiling(0, TILE), shape, 1);
        var whole = new float[shape.size()];
        var random = new Random(7);
        for (int i = 0; i < whole.length; i++) {
            whole[i] = random.nextFloat();
        }

        var together = new float[whole.length];
        var tile = new float[3 * TILE * TILE];
        for (int i = 0; i < grid.tiles(); i++) {
            grid.cut(i, whole, 1, tile);
            grid.blend(i, tile, 1, together);
        }

        assertThat(grid.tiles()).isEqualTo(2 * 3);
        assertThat(together).containsExactly(whole, within(1e-6f));
    }

    @Test
    void imageThatIsNotCutIsUnchanged() {
        var shape = new LatentShape(1, 128, 128);
        var grid = TileGrid.of(new VaeTiling(1 << 20, TILE), shape, 8);
        var whole = new float[shape.size()];
        whole[5] = 0.1f;
        var tile = new float[whole.length];
        var result = new float[whole.length];

        grid.cut(0, whole, 1, tile);
        grid.blend(0, tile, 1, result);

        assertThat(grid.tiles()).isOne();
        assertThat(result).isEqualTo(whole);
        assertThat(TileGrid.of(new VaeTiling(1 << 20, TILE), new LatentShape(1, 128, 129), 8)
                        .tiles())
                .isEqualTo(25 + 5);
    }
}
