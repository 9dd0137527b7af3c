package io.atelier.splitter.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties of any grid. The grids are random with a fixed seed, so that a failure can be repeated. */
class GridPropertyTests {

    private static final List<Color> BACKGROUNDS =
            List.of(Color.WHITE, Color.BLACK, new Color(0, 0, 0, 0), new Color(250, 240, 230));

    /** A random grid and its parameters. */
    private record RandomGrid(int rows, int cols, String gutter, Color background, GridFixture grid) {
        GridSpec spec(boolean trim) {
            return new GridSpec(rows, cols, trim, 0, 12, 1);
        }

        @Override
        public String toString() {
            return "%d x %d, gutter %s, background %08x, %s"
                    .formatted(
                            rows,
                            cols,
                            gutter,
                            background.getRGB(),
                            grid.contents().get(0));
        }
    }

    static Stream<RandomGrid> anyGrid() {
        return randomGrids(0, 32);
    }

    static Stream<RandomGrid> gridsWithGutters() {
        var random = new Random(1147);
        var uneven = Stream.generate(() -> uneven(random)).limit(60);
        return Stream.concat(randomGrids(1, 32), uneven);
    }

    @ParameterizedTest
    @MethodSource("anyGrid")
    void eachPixelBelongsToOneCell(RandomGrid random) {
        var image = random.grid().image();
        var owners = new int[image.getWidth() * image.getHeight()];

        for (var tile :
                new Grid(random.grid().raster()).split(random.spec(false)).tiles()) {
            var box = tile.box();
            for (int y = box.y(); y < box.y() + box.height(); y++) {
                for (int x = box.x(); x < box.x() + box.width(); x++) {
                    owners[y * image.getWidth() + x]++;
                }
            }
        }

        assertThat(owners).containsOnly(1);
    }

    @ParameterizedTest
    @MethodSource("gridsWithGutters")
    void tilesAreTheImagesOfTheGrid(RandomGrid random) {
        var tiles = new Grid(random.grid().raster()).split(random.spec(true)).tiles();

        assertThat(tiles)
                .extracting(Tile::box)
                .containsExactlyElementsOf(random.grid().contents());
        assertThat(tiles).allMatch(tile -> tile.confidence() > 0.7 && tile.confidence() <= 1);
    }

    @ParameterizedTest
    @MethodSource("anyGrid")
    void splittingTwiceGivesEqualTiles(RandomGrid random) {
        var grid = new Grid(random.grid().raster());

        assertThat(grid.split(random.spec(true))).isEqualTo(grid.split(random.spec(true)));
    }

    private static Stream<RandomGrid> randomGrids(int minGutter, int maxGutter) {
        var random = new Random(4711);
        return Stream.generate(() -> randomGrid(random, minGutter, maxGutter)).limit(60);
    }

    private static RandomGrid uneven(Random random) {
        int rows = random.nextInt(1, 5);
        int cols = random.nextInt(1, 5);
        var background = background(random);
        var grid = GridFixture.uneven(rows, cols, random.nextInt(400, 800), random, background)
                .noisy(random);
        return new RandomGrid(rows, cols, "uneven", background, grid);
    }

    private static Color background(Random random) {
        return BACKGROUNDS.get(random.nextInt(BACKGROUNDS.size()));
    }

    private static RandomGrid randomGrid(Random random, int minGutter, int maxGutter) {
        int rows = 1 + random.nextInt(4);
        int cols = 1 + random.nextInt(4);
        int gutter = minGutter + random.nextInt(maxGutter - minGutter + 1);
        int border = random.nextInt(9);
        var background = background(random);
        var content = new Box(random.nextInt(9), random.nextInt(9), 140 + random.nextInt(60), 140 + random.nextInt(60));
        var grid = GridFixture.even(rows, cols, content, gutter, border, BufferedImage.TYPE_INT_ARGB, background)
                .noisy(random);
        return new RandomGrid(rows, cols, "of " + gutter, background, grid);
    }
}
