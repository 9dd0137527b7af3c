package io.atelier.image.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.image.decode.ImageDecodingException.Reason;
import io.atelier.image.png.ColourType;
import io.atelier.image.png.PngImage;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GifDecoderTests {

    private final DecodingBudget budget = new DecodingBudget(8 << 20, Duration.ofMillis(50));
    private final ImageFileDecoder decoder = new ImageFileDecoder(budget, 1_000_000);
    private final Random random = new Random(5);
    private final byte[] palette = palette(256);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void indexesAndPaletteAreKept(boolean interlaced) throws Exception {
        var pixels = pixels(37, 23, 256);

        var image = decoder.decode(
                new RawGif(37, 23, palette).image(0, 0, pixels, interlaced).file());

        assertThat(image.header().colourType()).isEqualTo(ColourType.PALETTE);
        assertThat(indexes(image)).isDeepEqualTo(pixels);
        assertThat(image.raster().argb(4, 9)).isEqualTo(colour(pixels[9][4]));
        assertThat(image.warnings()).isEmpty();
    }

    @DisplayName("Strings of LZW, codes of all sizes and a full table, as the JDK writes them")
    @ParameterizedTest
    @ValueSource(ints = {2, 4, 16, 256})
    void stringsAreDecoded(int colours) throws Exception {
        for (int round = 0; round < 4; round++) {
            // Long repetitions, short ones, none, and patterns.
            int runs = new int[] {300, 6, 1, 40}[round];
            var source = new BufferedImage(
                    211,
                    173,
                    BufferedImage.TYPE_BYTE_INDEXED,
                    new IndexColorModel(8, colours, palette(colours), 0, false));
            var pixels = new int[173][211];
            int value = 0;
            for (int i = 0; i < 173 * 211; i++) {
                value = random.nextInt(runs) == 0 ? random.nextInt(colours) : value;
                pixels[i / 211][i % 211] = round == 3 ? i / runs % colours : value;
                source.getRaster().setSample(i % 211, i / 211, 0, pixels[i / 211][i % 211]);
            }
            var file = new ByteArrayOutputStream();
            ImageIO.write(source, "gif", file);

            assertThat(indexes(decoder.decode(file.toByteArray()))).isDeepEqualTo(pixels);
        }
    }

    @Test
    void theTransparentColourIsTransparent() throws Exception {
        var file = new RawGif(2, 1, palette)
                .transparent(7)
                .image(0, 0, new int[][] {{6, 7}}, false)
                .file();

        var raster = decoder.decode(file).raster();

        assertThat(raster.argb(0, 0)).isEqualTo(colour(6));
        assertThat(raster.argb(1, 0) >>> 24).isZero();
    }

    @DisplayName("An image that is smaller than the screen lies at its place, and the rest is transparent")
    @ParameterizedTest
    @ValueSource(ints = {4, 256})
    void screenIsFilledUp(int colours) throws Exception {
        var pixels = pixels(3, 2, colours);
        var file = new RawGif(8, 6, palette(colours)).image(4, 3, pixels, false).file();

        var raster = decoder.decode(file).raster();

        assertThat(raster.header().width()).isEqualTo(8);
        assertThat(raster.header().height()).isEqualTo(6);
        assertThat(raster.argb(3, 3) >>> 24).isZero();
        assertThat(raster.argb(7, 5) >>> 24).isZero();
        assertThat(raster.argb(4, 3)).isEqualTo(colour(pixels[0][0]));
        assertThat(raster.argb(6, 4)).isEqualTo(colour(pixels[1][2]));
    }

    @Test
    void ofAnAnimationTheFirstImageIsTaken() throws Exception {
        var first = pixels(9, 9, 256);
        var file = new RawGif(9, 9, palette)
                .image(0, 0, first, false)
                .image(0, 0, pixels(9, 9, 256), false)
                .file();

        var image = decoder.decode(file);

        assertThat(indexes(image)).isDeepEqualTo(first);
        assertThat(image.warnings())
                .containsExactly("The file is an animation, of which only the first image was taken.");
    }

    @DisplayName("A file that is cut off anywhere is refused")
    @Test
    void everyTruncationIsRefused() {
        var file = new RawGif(24, 20, palette)
                .transparent(3)
                .image(0, 0, pixels(24, 20, 256), true)
                .file();

        assertThat(IntStream.range(0, file.length))
                .allSatisfy(length -> assertThat(
                                failure(Arrays.copyOf(file, length)).reason())
                        .isEqualTo(Reason.INVALID));
    }

    @Test
    void aScreenThatIsTooLargeIsRefusedWithoutDecoding() {
        var file = new RawGif(50_000, 50_000, palette)
                .image(0, 0, pixels(2, 2, 256), false)
                .file();

        assertThat(failure(file).reason()).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void damageIsRefused() {
        assertThat(failure(new RawGif(2, 2, new byte[0])
                        .image(0, 0, pixels(2, 2, 4), false)
                        .file()))
                .hasMessage("its palette is missing");
        assertThat(failure(new RawGif(2, 2, palette(4))
                        .image(0, 0, new int[][] {{0, 4}, {1, 2}}, false)
                        .file()))
                .hasMessage("a pixel has a colour that is not in the palette");
        assertThat(failure(new RawGif(2, 2, palette).file())).hasMessage("it has no image");
    }

    private ImageDecodingException failure(byte[] file) {
        return catchThrowableOfType(ImageDecodingException.class, () -> decoder.decode(file));
    }

    private int[][] pixels(int width, int height, int colours) {
        var pixels = new int[height][];
        Arrays.setAll(pixels, y -> random.ints(width, 0, colours).toArray());
        return pixels;
    }

    private static int[][] indexes(PngImage image) {
        var raster = image.raster();
        var indexes = new int[image.height()][image.width()];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                indexes[y][x] = raster.sample(x, y, 0);
            }
        }
        return indexes;
    }

    /** All colours differ. */
    private static byte[] palette(int colours) {
        var palette = new byte[3 * colours];
        for (int i = 0; i < colours; i++) {
            palette[3 * i] = (byte) i;
            palette[3 * i + 1] = (byte) (i * 7);
            palette[3 * i + 2] = (byte) (255 - i);
        }
        return palette;
    }

    private static int colour(int index) {
        return 0xFF000000 | index << 16 | (index * 7 & 0xFF) << 8 | (255 - index);
    }
}
