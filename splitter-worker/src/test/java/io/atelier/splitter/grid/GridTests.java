package io.atelier.splitter.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.splitter.grid.Tile.Remark;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class GridTests {

    private static final int RGB = BufferedImage.TYPE_INT_RGB;
    private static final int ARGB = BufferedImage.TYPE_INT_ARGB;
    private static final Color[] FOUR = {Color.RED, Color.GREEN.darker(), Color.BLUE, Color.ORANGE};

    @Test
    void borderAndGuttersAreCutAway() {
        var grid = even(new Box(12, 12, 492, 492), 16, 12, RGB, Color.WHITE);

        var tiles = split(grid, 2, 2);

        assertThat(tiles).extracting(Tile::box).containsExactlyElementsOf(grid.contents());
        assertThat(tiles)
                .allMatch(tile -> tile.confidence() == 1 && tile.remarks().isEmpty());
        assertThat(tiles).extracting(tile -> tile.row() + "," + tile.col()).containsExactly("0,0", "0,1", "1,0", "1,1");
    }

    @Test
    void borderThatIsNotQuiteWhiteIsCutAway() {
        var grid = even(new Box(12, 12, 492, 492), 16, 12, RGB, new Color(254, 254, 254));

        assertThat(split(grid, 2, 2)).extracting(Tile::box).containsExactlyElementsOf(grid.contents());
    }

    @Test
    void remainderPixelsBelongToTheCellBeforeTheCut() {
        var grid = new GridFixture(1025, 769, RGB, Color.WHITE)
                .fill(new Box(0, 0, 512, 384), FOUR[0])
                .fill(new Box(512, 0, 512, 384), FOUR[1])
                .fill(new Box(0, 384, 512, 384), FOUR[2])
                .fill(new Box(512, 384, 512, 384), FOUR[3]);

        var tiles = split(grid, 2, 2);

        assertThat(tiles)
                .extracting(Tile::box)
                .containsExactly(
                        new Box(0, 0, 513, 385),
                        new Box(513, 0, 511, 385),
                        new Box(0, 385, 513, 383),
                        new Box(513, 385, 511, 383));
        assertThat(tiles).allMatch(tile -> tile.confidence() == 0.75);
    }

    @Test
    void emptyCellIsNotTrimmedAndGetsARemark() {
        var grid = even(new Box(8, 8, 240, 240), 16, 8, RGB, Color.WHITE);
        grid.fill(grid.contents().get(1), Color.WHITE);

        var tiles = split(grid, 2, 2);

        assertThat(tiles.get(1).box()).isEqualTo(new Box(256, 0, 256, 256));
        assertThat(tiles.get(1).remarks()).containsExactly(Remark.EMPTY);
        assertThat(tiles.get(0).remarks()).isEmpty();
    }

    @Test
    void skyAsWhiteAsTheBorderIsKept() {
        var grid = even(new Box(8, 8, 240, 240), 16, 8, RGB, Color.WHITE);
        grid.fill(new Box(8, 8, 240, 73), Color.WHITE);

        var tiles = split(grid, 2, 2);

        assertThat(tiles).extracting(Tile::box).containsExactlyElementsOf(grid.contents());
        assertThat(tiles.get(0).remarks()).containsExactly(Remark.TRIM_LIMITED);
    }

    @Test
    void transparentBackgroundIsTrimmedWhateverItsColour() {
        for (var background : List.of(new Color(0, 0, 0, 0), new Color(255, 255, 255, 0))) {
            var grid = even(new Box(8, 8, 240, 240), 16, 8, ARGB, background);

            var tiles = split(grid, 2, 2);

            assertThat(tiles).extracting(Tile::box).containsExactlyElementsOf(grid.contents());
        }
    }

    @Test
    void gridOfMoreRowsThanColumnsIsCut() {
        var grid = GridFixture.even(3, 2, new Box(5, 5, 290, 290), 10, 5, RGB, Color.WHITE)
                .coloured(FOUR);

        assertThat(split(grid, 3, 2)).extracting(Tile::box).containsExactlyElementsOf(grid.contents());
    }

    @Test
    void speckInTheBorderIsIgnored() {
        var grid = even(new Box(12, 12, 236, 236), 16, 12, RGB, Color.WHITE);
        grid.image().setRGB(0, 0, 0xFF20FFFF);

        assertThat(split(grid, 2, 2)).extracting(Tile::box).containsExactlyElementsOf(grid.contents());
    }

    @Test
    void guttersOffTheirEvenPlacesAreFound() {
        var grid = even(new Box(36, 36, 224, 224), 16, 12, RGB, Color.WHITE);

        var tiles = split(grid, 2, 2);

        assertThat(tiles).extracting(Tile::box).containsExactlyElementsOf(grid.contents());
        assertThat(tiles).allMatch(tile -> tile.confidence() > 0.8 && tile.confidence() < 1);
    }

    @Test
    void panelsAsWhiteAsTheGutterAreCutBetweenTheirFrames() {
        var grid = even(new Box(20, 20, 480, 480), 16, 10, RGB, Color.WHITE);
        for (var panel : grid.contents()) {
            grid.fill(panel.without(1, 1, 1, 1), Color.WHITE).fill(panel.without(200, 200, 200, 200), Color.RED);
        }

        var tiles = split(grid, 2, 2);

        assertThat(tiles).extracting(Tile::box).containsExactlyElementsOf(grid.contents());
    }

    @Test
    void wideBlackBorderIsCutAway() {
        var grid = even(new Box(60, 60, 444, 444), 16, 60, RGB, Color.BLACK);

        assertThat(split(grid, 2, 2)).extracting(Tile::box).containsExactlyElementsOf(grid.contents());
    }

    @Test
    void gridsOfOtherColourModelsAreCut() {
        var grey = new GridFixture(64, 64, BufferedImage.TYPE_BYTE_GRAY, Color.WHITE)
                .fill(new Box(4, 4, 24, 24), Color.DARK_GRAY);
        var palette = even(new Box(8, 8, 240, 240), 16, 8, BufferedImage.TYPE_BYTE_INDEXED, Color.WHITE);

        var greyTile = split(grey, 2, 2).get(0);
        var paletteTile = split(palette, 2, 2).get(3);

        assertThat(greyTile.box()).isEqualTo(new Box(4, 4, 24, 24));
        assertThat(paletteTile.box()).isEqualTo(palette.contents().get(3));
    }

    @Test
    void gridWithoutGuttersIsCutEvenlyAtTheEdgesOfItsImages() {
        var grid = GridFixture.even(2, 2, new Box(0, 0, 128, 128), 0, 0, RGB, Color.WHITE)
                .coloured(FOUR);

        var tiles = split(grid, 2, 2);

        assertThat(tiles).extracting(Tile::box).containsExactlyElementsOf(grid.contents());
        assertThat(tiles).allMatch(tile -> tile.confidence() == 0.75);
    }

    @Test
    void fadingSkyIsNoGutter() {
        var grid = new GridFixture(256, 512, RGB, Color.GRAY);
        for (int y = 0; y < 512; y++) {
            grid.fill(new Box(0, y, 256, 1), new Color(255 - y / 3, 255 - y / 3, 255));
        }

        var tiles = split(grid, 2, 1);

        assertThat(tiles).extracting(Tile::box).containsExactly(new Box(0, 0, 256, 256), new Box(0, 256, 256, 256));
        assertThat(tiles).allMatch(tile -> tile.confidence() < 1);
    }

    @Test
    void insetIsRemovedFromEachSide() {
        var grid = even(new Box(0, 0, 100, 100), 0, 0, RGB, Color.WHITE);

        var tiles = new Grid(grid.raster())
                .split(new GridSpec(2, 2, false, 6, 12, 32))
                .tiles();

        assertThat(tiles.get(0).box()).isEqualTo(new Box(6, 6, 88, 88));
        assertThat(tiles.get(3).box()).isEqualTo(new Box(106, 106, 88, 88));
    }

    @Test
    void tilesThatAreTooSmallAreRejected() {
        var grid = even(new Box(0, 0, 63, 64), 0, 0, RGB, Color.WHITE);

        assertThat(new Grid(grid.raster())
                        .split(new GridSpec(2, 2, true, 0, 12, 64))
                        .tiles())
                .noneMatch(Tile::isUsable);
        assertThat(new Grid(grid.raster())
                        .split(new GridSpec(2, 2, true, 0, 12, 63))
                        .tiles())
                .allMatch(Tile::isUsable);
        assertThat(new Grid(grid.raster())
                        .split(new GridSpec(2, 2, true, 256, 12, 0))
                        .tiles())
                .noneMatch(Tile::isUsable);
    }

    @Test
    void imageWithFewerPixelsThanCellsHasNoTileLargerThanAPixel() {
        var grid = new GridFixture(3, 2, RGB, Color.WHITE);

        var tiles = split(grid, 8, 8);

        assertThat(tiles).hasSize(64).noneMatch(tile -> tile.box().shorterSide() > 1);
    }

    private static GridFixture even(Box content, int gutter, int border, int type, Color background) {
        return GridFixture.even(2, 2, content, gutter, border, type, background).coloured(FOUR);
    }

    private static List<Tile> split(GridFixture grid, int rows, int cols) {
        return new Grid(grid.raster())
                .split(new GridSpec(rows, cols, true, 0, 12, 1))
                .tiles();
    }
}
