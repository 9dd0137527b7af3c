package io.atelier.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class RowCompressorTests {

    private static final int SIZE = 300;

    private static final RowSource PATTERN = (y, row) -> {
        for (int i = 0; i < row.length; i++) {
            row[i] = (byte) (i / 3 % 20 < 17 ? 0 : i * 37 % 40 + y / 20);
        }
    };

    @Test
    void aPhotoIsSmallerThanByTheFastestLevelOfTheJdk() {
        var random = new Random(3);
        RowSource photo = (y, row) -> {
            for (int i = 0; i < row.length; i++) {
                row[i] = (byte) (128 + 60 * Math.sin(i / 400.0 + y / 70.0) + 4 * random.nextGaussian());
            }
        };
        var header = PngHeader.of(SIZE, SIZE, ColourType.RGB, 8);
        var raw = new byte[SIZE * 3 * SIZE];
        var row = new byte[SIZE * 3];
        random.setSeed(4);
        for (int y = 0; y < SIZE; y++) {
            photo.read(y, row);
            System.arraycopy(row, 0, raw, y * row.length, row.length);
        }

        random.setSeed(4);
        var stream = RowCompressor.compress(header, photo);

        assertThat(stream.length).isLessThan(jdk(filteredUp(raw, row.length), Deflater.BEST_SPEED));
    }

    @Test
    void repeatedPatternsAreFound() {
        int height = 4 * SIZE;

        assertThat(RowCompressor.compress(PngHeader.of(SIZE, height, ColourType.RGB, 8), PATTERN).length)
                .isLessThan(withoutSearch(height).length);
    }

    @Test
    void aStreamOfLessThanABlockIsNotSearched() {
        int height = SIZE / 8;
        var stream = withoutSearch(height);

        assertThat(stream.length).isLessThan(4_096);
        assertThat(RowCompressor.compress(PngHeader.of(SIZE, height, ColourType.RGB, 8), PATTERN))
                .isEqualTo(stream);
    }

    @Test
    void equalRowsGiveEqualBytes() {
        var header = PngHeader.of(64, 64, ColourType.GREY, 8);
        RowSource rows = (y, row) -> Arrays.fill(row, (byte) (y * y));

        assertThat(RowCompressor.compress(header, rows)).isEqualTo(RowCompressor.compress(header, rows));
    }

    /** The rows of {@link #PATTERN} without a search for patterns. */
    private static byte[] withoutSearch(int height) {
        var deflater = new FastDeflater((long) height * (SIZE * 3 + 1), 0);
        var filter = new RowFilter(3, SIZE * 3);
        var above = new byte[SIZE * 3];
        for (int y = 0; y < height; y++) {
            var row = new byte[SIZE * 3];
            PATTERN.read(y, row);
            deflater.write(filter.apply(row, above), 0, row.length + 1);
            above = row;
        }
        return deflater.finish();
    }

    private static byte[] filteredUp(byte[] raw, int length) {
        var filtered = raw.clone();
        for (int i = raw.length - 1; i >= length; i--) {
            filtered[i] -= raw[i - length];
        }
        return filtered;
    }

    private static int jdk(byte[] bytes, int level) {
        var deflater = new Deflater(level);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            return deflater.deflate(new byte[2 * bytes.length]);
        } finally {
            deflater.end();
        }
    }
}
