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

/** Laws that hold for any grid: drawn with a fixed seed, so that a failure can be repeated. */
class GridPropertyTests {

    private static final List<Color> GROUNDS =
            List.of(Color.WHITE, Color.BLACK, new Color(0, 0, 0, 0), new Color(250, 240, 230));

    /** A grid drawn at random and what was drawn. */
    private record Drawing(int rows, int cols, String gutter, Color ground, GridFixture grid) {
        GridSpec spec(boolean trim) {
            return new GridSpec(rows, cols, trim, 0, 12, 1);
        }

        @Override
        public String toString() {
            return "%d x %d, gutter %s, ground %08x, %s"
                    .formatted(
                            rows, cols, gutter, ground.getRGB(), grid.contents().get(0));
        }
    }

    static Stream<Drawing> anyGrid() {
        return drawings(0, 32);
    }

    static Stream<Drawing> gridsWithGutters() {
        var random = new Random(1147);
        var uneven = Stream.generate(() -> uneven(random)).limit(60);
        return Stream.concat(drawings(1, 32), uneven);
    }

    @ParameterizedTest
    @MethodSource("anyGrid")
    void eachPixelBelongsToOneCell(Drawing drawing) {
        var picture = drawing.grid().image();
        var owners = new int[picture.getWidth() * picture.getHeight()];

        for (var tile : new Grid(picture).split(drawing.spec(false))) {
            var box = tile.box();
            for (int y = box.y(); y < box.y() + box.height(); y++) {
                for (int x = box.x(); x < box.x() + box.width(); x++) {
                    owners[y * picture.getWidth() + x]++;
                }
            }
        }

        assertThat(owners).containsOnly(1);
    }

    @ParameterizedTest
    @MethodSource("gridsWithGutters")
    void tilesAreTheImagesThatWereDrawn(Drawing drawing) {
        var tiles = new Grid(drawing.grid().image()).split(drawing.spec(true));

        assertThat(tiles)
                .extracting(Tile::box)
                .containsExactlyElementsOf(drawing.grid().contents());
        assertThat(tiles).allMatch(tile -> tile.confidence() > 0.7 && tile.confidence() <= 1);
    }

    @ParameterizedTest
    @MethodSource("anyGrid")
    void splittingTwiceGivesTheSame(Drawing drawing) {
        var grid = new Grid(drawing.grid().image());

        assertThat(grid.split(drawing.spec(true))).isEqualTo(grid.split(drawing.spec(true)));
    }

    private static Stream<Drawing> drawings(int leastGutter, int mostGutter) {
        var random = new Random(4711);
        return Stream.generate(() -> drawing(random, leastGutter, mostGutter)).limit(60);
    }

    private static Drawing uneven(Random random) {
        int rows = random.nextInt(1, 5);
        int cols = random.nextInt(1, 5);
        var ground = ground(random);
        var grid = GridFixture.uneven(rows, cols, random.nextInt(400, 800), random, ground)
                .noisy(random);
        return new Drawing(rows, cols, "uneven", ground, grid);
    }

    private static Color ground(Random random) {
        return GROUNDS.get(random.nextInt(GROUNDS.size()));
    }

    private static Drawing drawing(Random random, int leastGutter, int mostGutter) {
        int rows = 1 + random.nextInt(4);
        int cols = 1 + random.nextInt(4);
        int gutter = leastGutter + random.nextInt(mostGutter - leastGutter + 1);
        int border = random.nextInt(9);
        var ground = ground(random);
        var content = new Box(random.nextInt(9), random.nextInt(9), 140 + random.nextInt(60), 140 + random.nextInt(60));
        var grid = GridFixture.even(rows, cols, content, gutter, border, BufferedImage.TYPE_INT_ARGB, ground)
                .noisy(random);
        return new Drawing(rows, cols, "of " + gutter, ground, grid);
    }
}
