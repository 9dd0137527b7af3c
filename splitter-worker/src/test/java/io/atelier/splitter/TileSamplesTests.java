package io.atelier.splitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.GridSpec;
import io.atelier.image.decode.DecodingBudget;
import io.atelier.image.png.PngKind;
import io.atelier.image.png.RawPng;
import io.atelier.storage.InMemoryObjectStore;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

class TileSamplesTests {

    private static final int WIDTH = 41;
    private static final int HEIGHT = 33;

    @DisplayName("Tiles have the samples, the form of samples and the chunks on colours of their grid")
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.atelier.image.png.PngKind#all")
    void tilesAreOfTheKindOfTheGrid(PngKind kind) throws Exception {
        var store = new InMemoryObjectStore();
        var source = kind.image(WIDTH, HEIGHT);
        var grid = SampleSplits.stored(store, "grid/0.png", source.file(kind.interlaced()), WIDTH, HEIGHT);
        var task = SampleSplits.task(SampleSplits.JOB, new GridSpec(2, 3, false, 0, 12, 1), grid);
        var limits = new SplitterProperties(1, DataSize.ofMegabytes(1), 10_000, Duration.ZERO, 1, "splitter-1");
        var file = new GridReader(store, limits, DecodingBudget.ofProcess()).read(grid);

        var tiles = new TileRepository(store, true);
        var stored = tiles.storeAll(GridCut.of(file, 0, task, tiles).pending());

        assertThat(stored).hasSize(6);
        for (var object : stored) {
            var metadata = object.metadata();
            var tile = RawPng.parse(SampleSplits.bytes(store, object.key().value()));
            assertThat(tile.form()).isEqualTo(source.form());
            assertThat(tile.samples())
                    .isDeepEqualTo(source.part(
                            number(metadata.get("x")),
                            number(metadata.get("y")),
                            number(metadata.get("width")),
                            number(metadata.get("height"))));
            source.requireChunksOf(tile);
        }
    }

    @DisplayName("Tiles of a PNG that is to be turned are cut from the upright image")
    @Test
    void turnedGridIsCutUpright() throws Exception {
        var store = new InMemoryObjectStore();
        // TIFF with the orientation 6: to be turned by 90 degrees clockwise.
        var exif = HexFormat.of().parseHex("4d4d002a0000000800010112000300000001000600000000" + "0000");
        var source = RawPng.random(4, 6, 0, 8, new Random(1)).with("eXIf", exif);
        var grid = SampleSplits.stored(store, "grid/0.png", source.file(false), 6, 4);
        var task = SampleSplits.task(SampleSplits.JOB, new GridSpec(1, 2, false, 0, 0, 1), grid);
        var limits = new SplitterProperties(1, DataSize.ofMegabytes(1), 10_000, Duration.ZERO, 1, "splitter-1");
        var file = new GridReader(store, limits, DecodingBudget.ofProcess()).read(grid);

        var tiles = new TileRepository(store, true);
        var stored = tiles.storeAll(GridCut.of(file, 0, task, tiles).pending());

        assertThat(stored).hasSize(2);
        for (var object : stored) {
            int left = number(object.metadata().get("x"));
            int top = number(object.metadata().get("y"));
            var tile = RawPng.parse(SampleSplits.bytes(store, object.key().value()));
            for (int y = 0; y < tile.samples().length; y++) {
                for (int x = 0; x < tile.samples()[y].length; x++) {
                    assertThat(tile.samples()[y][x]).isEqualTo(source.samples()[5 - left - x][top + y]);
                }
            }
        }
        assertThat(stored).allSatisfy(tile -> assertThat(tile.metadata()).containsEntry("height", "4"));
    }

    private static int number(@Nullable String text) {
        return Integer.parseInt(Objects.requireNonNull(text));
    }
}
