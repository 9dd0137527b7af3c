package io.atelier.splitter.grid;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.image.png.PngRaster;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.image.png.RawPng;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileCompressionTests {

    private static final GridSpec SPEC = new GridSpec(2, 2, true, 0, 12, 32);

    private final PngWriter writer = new PngWriter();

    @DisplayName(
            "The upper tiles are begun when the upper half is read, and they are the tiles that are found in the end")
    @Test
    void upperTilesAreBegunBeforeTheGridIsRead() throws Exception {
        var grid = GridFixture.even(2, 2, new Box(6, 6, 96, 80), 8, 6, BufferedImage.TYPE_INT_RGB, Color.WHITE)
                .noisy(new Random(4));
        var begun = new ArrayList<Set<Box>>();
        try (var compression = new TileCompression(SPEC)) {
            PngRaster.read(file(grid), (raster, rows) -> {
                compression.rowsRead(raster, rows);
                begun.add(compression.begun());
            });
        }

        int half = grid.image().getHeight() / 2;
        assertThat(begun.get(half - 2)).isEmpty();
        assertThat(begun.get(half - 1))
                .containsExactlyInAnyOrderElementsOf(grid.contents().subList(0, 2));
    }

    @DisplayName("A wrong guess changes nothing: the gutter is where nobody expects it")
    @ParameterizedTest
    @ValueSource(ints = {-11, -9, 3, 9, 11})
    void guessesDecideAboutNothing(int offset) throws Exception {
        var grid = new GridFixture(200, 200, BufferedImage.TYPE_INT_RGB, Color.WHITE);
        var boxes = List.of(
                new Box(0, 0, 96, 96 + offset),
                new Box(104, 0, 96, 96 + offset),
                new Box(0, 104 + offset, 96, 96 - offset),
                new Box(104, 104 + offset, 96, 96 - offset));
        boxes.forEach(box -> grid.fill(box, Color.DARK_GRAY));
        var file = file(grid);
        var source = RawPng.parse(file);

        try (var compression = new TileCompression(SPEC)) {
            var raster = PngRaster.read(file, compression);
            var tiles = new Grid(raster).split(SPEC).tiles();

            assertThat(tiles).extracting(Tile::box).containsExactlyElementsOf(boxes);
            for (var box : boxes) {
                var tile = RawPng.parse(writer.write(compression.image(raster, box), PngTextChunks.NONE));
                assertThat(tile.samples()).isDeepEqualTo(source.part(box.x(), box.y(), box.width(), box.height()));
            }
        }
    }

    private byte[] file(GridFixture grid) {
        return writer.write(grid.raster().image(), PngTextChunks.NONE);
    }
}
