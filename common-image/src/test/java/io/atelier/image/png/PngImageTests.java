package io.atelier.image.png;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected samples come from {@link RawPng}, never from the code under test or from ImageIO. */
class PngImageTests {

    private final PngWriter writer = new PngWriter();

    @DisplayName("Each colour type, bit depth and interlace method goes through unchanged, whole and in parts")
    @ParameterizedTest
    @CsvSource({
        "0, 1", "0, 2", "0, 4", "0, 8", "0, 16", "2, 8", "2, 16", "3, 1", "3, 2", "3, 4", "3, 8", "4, 8", "4, 16",
        "6, 8", "6, 16"
    })
    void samplesAreKept(int colourType, int depth) throws Exception {
        for (var size : new int[][] {{1, 1}, {3, 2}, {9, 8}, {37, 23}}) {
            for (boolean interlaced : new boolean[] {false, true}) {
                var source = RawPng.random(size[0], size[1], colourType, depth, new Random(size[0]));

                var image = PngImage.read(source.file(interlaced));

                assertThat(RawPng.parse(writer.write(image, PngTextChunks.NONE)).samples())
                        .isDeepEqualTo(source.samples());
                var raster = image.raster();
                assertThat(RawPng.parse(writer.write(
                                        PngRaster.read(source.file(interlaced)).image(), PngTextChunks.NONE))
                                .samples())
                        .isDeepEqualTo(source.samples());
                assertThat(RawPng.parse(writer.write(raster.image(), PngTextChunks.NONE))
                                .samples())
                        .isDeepEqualTo(source.samples());
                int x = size[0] / 3;
                int y = size[1] / 3;
                int width = size[0] - x - size[0] / 4;
                int height = size[1] - y;
                var part = RawPng.parse(writer.write(raster.image(x, y, width, height), PngTextChunks.NONE));
                assertThat(part.samples()).isDeepEqualTo(source.part(x, y, width, height));
                assertThat(part.chunks.keySet()).isEqualTo(source.chunks.keySet());
            }
        }
    }

    @Test
    void profileGammaResolutionPaletteAndTransparencyAreKept() throws Exception {
        var source = RawPng.random(16, 8, 3, 4, new Random(1))
                .with("tRNS", new byte[] {0, 100, (byte) 200})
                .with("gAMA", new byte[] {0, 0, (byte) 0xB1, (byte) 0x8F})
                .with("iCCP", "name\0\0not really a profile".getBytes(StandardCharsets.US_ASCII))
                .with("pHYs", new byte[] {0, 0, 11, 19, 0, 0, 11, 19, 1})
                .with("tEXt", "prompt\0a secret".getBytes(StandardCharsets.US_ASCII));

        var image = PngImage.read(source.file(false));

        var kept = RawPng.parse(writer.write(image.raster().image(4, 4, 5, 3), PngTextChunks.NONE)).chunks;
        assertThat(kept.keySet()).containsExactlyInAnyOrder("PLTE", "tRNS", "gAMA", "iCCP", "pHYs");
        kept.forEach((type, body) -> assertThat(body).as(type).isEqualTo(source.chunks.get(type)));
    }

    @DisplayName("Grey 128 of a Java image is stored as 128, not as the 188 that its colour space would make of it")
    @Test
    void greyIsStoredAsItIs() {
        var image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(0, 0, 0, 128);

        var stored = RawPng.parse(writer.write(image, PngTextChunks.NONE));

        assertThat(stored.colourType).isZero();
        assertThat(stored.samples()).isDeepEqualTo(new int[][] {{128, 0}});
    }

    @Test
    void sixteenBitsOfAJavaImageAreKept() {
        var image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(0, 0, 0, 0x1234);
        image.getRaster().setSample(1, 0, 0, 0xFFFE);

        var stored = RawPng.parse(writer.write(image, PngTextChunks.NONE));

        assertThat(stored.depth).isEqualTo(16);
        assertThat(stored.samples()).isDeepEqualTo(new int[][] {{0x1234, 0xFFFE}});
    }

    @DisplayName("A file that is cut off anywhere is refused")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyTruncationIsRefused(boolean interlaced) {
        var file = RawPng.random(24, 20, 6, 8, new Random(5)).file(interlaced);

        assertThat(IntStream.range(0, file.length)).allSatisfy(length -> assertRefused(Arrays.copyOf(file, length)));
    }

    @DisplayName("A file in which any bit of the header or the image data is wrong is refused")
    @Test
    void everyDamageIsRefused() {
        var file = RawPng.random(12, 9, 2, 8, new Random(6)).file(false);
        // The type of IEND and what follows have no pixels.
        int end = file.length - 12;

        assertThat(IntStream.range(0, 8 * end)).allSatisfy(bit -> {
            var damaged = file.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(damaged);
        });
    }

    @Test
    void aColourOutsideThePaletteIsRefused() {
        var file = RawPng.plain(4, 4, 3, 8, 3).with("PLTE", new byte[9]).file(false);

        assertThatThrownBy(() -> PngImage.read(file)).hasMessage("a pixel has a colour that is not in the palette");
        assertThatThrownBy(() -> PngRaster.read(file)).hasMessage("a pixel has a colour that is not in the palette");
    }

    @Test
    void theHeaderIsReadWithoutThePixels() throws Exception {
        var file = Arrays.copyOf(RawPng.plain(7, 5, 0, 16, 1).file(true), 33);

        assertThat(PngImage.header(file)).isEqualTo(new PngHeader(7, 5, ColourType.GREY, 16, true));
    }

    @DisplayName("The orientations of Exif turn and mirror the image")
    @ParameterizedTest
    @CsvSource({
        "1, 1 2 3/4 5 6",
        "2, 3 2 1/6 5 4",
        "3, 6 5 4/3 2 1",
        "4, 4 5 6/1 2 3",
        "5, 1 4/2 5/3 6",
        "6, 4 1/5 2/6 3",
        "7, 6 3/5 2/4 1",
        "8, 3 6/2 5/1 4"
    })
    void imagesAreTurnedUpright(int orientation, String expected) throws Exception {
        var source = RawPng.plain(3, 2, 0, 8, 0);
        for (int i = 0; i < 6; i++) {
            source.samples()[i / 3][i % 3] = i + 1;
        }

        var upright =
                PngImage.read(source.file(false)).raster().oriented(orientation).image();

        var rows = Arrays.stream(expected.split("/"))
                .map(row -> Arrays.stream(row.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray())
                .toArray(int[][]::new);
        assertThat(RawPng.parse(writer.write(upright, PngTextChunks.NONE)).samples())
                .isDeepEqualTo(rows);
    }

    @Test
    void coloursForLookingAtHaveEightBits() throws Exception {
        assertThat(colour(RawPng.plain(1, 1, 0, 8, 128))).isEqualTo(0xFF808080);
        assertThat(colour(RawPng.plain(1, 1, 0, 1, 1))).isEqualTo(0xFFFFFFFF);
        assertThat(colour(RawPng.plain(1, 1, 0, 16, 0x80FF))).isEqualTo(0xFF808080);
        assertThat(colour(RawPng.plain(1, 1, 0, 8, 128).with("tRNS", new byte[] {0, (byte) 128})))
                .isEqualTo(0x00808080);
        assertThat(colour(RawPng.plain(1, 1, 2, 8, 128))).isEqualTo(0xFF808080);
        assertThat(colour(RawPng.plain(1, 1, 2, 8, 128)
                        .with("tRNS", new byte[] {0, (byte) 128, 0, (byte) 128, 0, (byte) 128})))
                .isEqualTo(0x00808080);
        assertThat(colour(RawPng.plain(1, 1, 6, 8, 200))).isEqualTo(0xC8C8C8C8);
        assertThat(colour(RawPng.plain(1, 1, 3, 8, 1)
                        .with("PLTE", new byte[] {0, 0, 0, 1, 2, 3})
                        .with("tRNS", new byte[] {0, 7})))
                .isEqualTo(0x07010203);
    }

    private static void assertRefused(byte[] file) {
        assertThatThrownBy(() -> PngImage.read(file)).isInstanceOf(PngFormatException.class);
        assertThatThrownBy(() -> PngRaster.read(file)).isInstanceOf(PngFormatException.class);
    }

    private static int colour(RawPng png) throws Exception {
        return PngImage.read(png.file(false)).raster().toBufferedImage().getRGB(0, 0);
    }
}
