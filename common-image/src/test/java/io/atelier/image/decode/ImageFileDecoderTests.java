package io.atelier.image.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atelier.contract.image.Provenance.ContentCredentials;
import io.atelier.image.decode.ImageDecodingException.Reason;
import io.atelier.image.png.ColourType;
import io.atelier.image.png.PngRaster;
import io.atelier.image.png.PngTextChunks;
import io.atelier.image.png.PngWriter;
import io.atelier.image.png.RawPng;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFileDecoderTests {

    private static final byte[] WEBP =
            Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");

    private final DecodingBudget budget = new DecodingBudget(8 << 20, Duration.ofMillis(50));
    private final ImageFileDecoder decoder = new ImageFileDecoder(budget, 1_000_000);

    @DisplayName("A grey JPEG stays grey, and its samples are not made brighter")
    @ParameterizedTest
    @ValueSource(ints = {0, 20, 128, 200, 255})
    void greyJpegKeepsItsSamples(int value) throws Exception {
        var image = decoder.decode(greyJpeg(value));

        assertThat(image.header().colourType()).isEqualTo(ColourType.GREY);
        assertThat(image.raster().sample(5, 5, 0)).isEqualTo(value);
    }

    @Test
    void theProfileOfAGreyJpegIsKept() throws Exception {
        var profile = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();
        var segment = new ByteArrayOutputStream();
        segment.writeBytes("ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII));
        segment.writeBytes(new byte[] {1, 1});
        segment.writeBytes(profile);

        var image = decoder.decode(withSegment(greyJpeg(128), 0xE2, segment.toByteArray()));

        assertThat(image.raster().sample(0, 0, 0)).isEqualTo(128);
        var file = new io.atelier.image.png.PngWriter()
                .write(image, new io.atelier.image.png.PngTextChunks(java.util.Map.of()));
        assertThat(ImageIO.read(new java.io.ByteArrayInputStream(file))).isNotNull();
        assertThat(new String(file, StandardCharsets.ISO_8859_1)).contains("iCCPICC profile");
    }

    @DisplayName(
            "A PNG with a C2PA manifest is kept as a file; in any other format the manifest is lost, which is said")
    @Test
    void whatBecomesOfAManifestIsSaid() throws Exception {
        var png = RawPng.random(4, 3, 2, 8, new Random(3))
                .with("caBX", new byte[] {1})
                .file(false);
        assertThat(decoder.decode(png).credentials()).isEqualTo(ContentCredentials.KEPT);
        assertThat(decoder.decode(png).signedFile()).contains(png);

        var box = "JP\0\1\0\0\0\1\0\0\0\377jumb\0\0\0\36jumdc2pa\0\21\0\20";
        var jpegFile = withSegment(greyJpeg(9), 0xEB, box.getBytes(StandardCharsets.ISO_8859_1));
        var jpeg = decoder.decode(jpegFile);
        assertThat(jpeg.credentials()).isEqualTo(ContentCredentials.DROPPED);
        assertThat(jpeg.signedFile()).isEmpty();
        assertThat(jpeg.signedOriginal()).contains(jpegFile);

        var webp = RawWebp.file(1, 1, new int[] {0xFF010203});
        var signed = ByteBuffer.allocate(webp.length + 10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(webp)
                .put("C2PA".getBytes(StandardCharsets.US_ASCII))
                .putInt(2)
                .putInt(4, webp.length + 2);
        assertThat(decoder.decode(signed.array()).credentials()).isEqualTo(ContentCredentials.DROPPED);
        assertThat(decoder.decode(webp).credentials()).isEqualTo(ContentCredentials.NONE);

        var palette = new byte[] {0, 0, 0, 9, 8, 7};
        var gif = new RawGif(1, 1, palette).application("C2PA_GIF\1\0\0").image(0, 0, new int[][] {{1}}, false);
        assertThat(decoder.decode(gif.file()).credentials()).isEqualTo(ContentCredentials.DROPPED);
        assertThat(decoder.decode(greyJpeg(9)).credentials()).isEqualTo(ContentCredentials.NONE);
    }

    @Test
    void sixteenBitPngKeepsItsSamples() throws Exception {
        var source = RawPng.random(31, 9, 6, 16, new Random(3));

        var raster = decoder.decode(source.file(true)).raster();

        assertThat(raster.sample(17, 4, 3)).isEqualTo(source.samples()[4][17 * 4 + 3]);
        assertThat(raster.header().bitDepth()).isEqualTo(16);
    }

    @DisplayName("The orientation in Exif data is applied, in both byte orders")
    @ParameterizedTest
    @CsvSource({
        "1, RED, GREEN",
        "2, GREEN, RED",
        "3, WHITE, BLUE",
        "4, BLUE, WHITE",
        "5, RED, BLUE",
        "6, BLUE, RED",
        "7, WHITE, GREEN",
        "8, GREEN, WHITE"
    })
    void jpegIsUpright(int orientation, Corner topLeft, Corner topRight) throws Exception {
        for (var order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            var image = decoder.decode(withSegment(cornersJpeg(), 0xE1, exif(orientation, order)));

            var raster = image.raster();
            boolean turned = orientation >= 5;
            assertThat(image.width()).isEqualTo(turned ? 32 : 64);
            assertThat(image.height()).isEqualTo(turned ? 64 : 32);
            assertThat(Corner.at(raster, 2, 2)).isEqualTo(topLeft);
            assertThat(Corner.at(raster, image.width() - 3, 2)).isEqualTo(topRight);
        }
    }

    @DisplayName(
            "A PNG is turned as its Exif data says, with the same samples, palette and resolution, wherever the chunk is")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void pngIsUpright(int orientation) throws Exception {
        var exif = exif(orientation, ByteOrder.LITTLE_ENDIAN);
        var resolution = ByteBuffer.allocate(9).putInt(100).putInt(200).put((byte) 1);
        // Colour type and bit depth: RGB, 16-bit grey, palettes of whole and of half bytes.
        for (var form : new int[][] {{2, 8}, {0, 16}, {3, 8}, {3, 4}}) {
            var source = RawPng.random(5, 3, form[0], form[1], new Random(orientation));
            var file =
                    source.with("pHYs", resolution.array()).with("eXIf", exif).file(form[1] == 16);

            var image = decoder.decode(file);

            var upright = RawPng.parse(new PngWriter().write(image, PngTextChunks.NONE));
            boolean turned = orientation >= 5;
            assertThat(image.width()).isEqualTo(turned ? 3 : 5);
            assertThat(image.height()).isEqualTo(turned ? 5 : 3);
            assertThat(upright.samples())
                    .isDeepEqualTo(uprightSamples(source.samples(), form[0] == 2 ? 3 : 1, orientation));
            assertThat(upright.form()).isEqualTo(source.form());
            assertThat(ByteBuffer.wrap(upright.chunk("pHYs")).getInt()).isEqualTo(turned ? 200 : 100);
            if (form[0] == 3) {
                assertThat(upright.chunk("PLTE")).isEqualTo(source.chunk("PLTE"));
            }
            assertThat(ImageFileDecoder.isUpright(file)).isEqualTo(orientation == 1);
        }
    }

    @DisplayName("Of several orientations of a PNG the first one counts, and a damaged one does not")
    @Test
    void firstUndamagedOrientationCounts() throws Exception {
        var sideways = RawPng.chunk("eXIf", exif(6, ByteOrder.BIG_ENDIAN));
        var mirrored = RawPng.chunk("eXIf", exif(2, ByteOrder.BIG_ENDIAN));
        var file = RawPng.random(5, 3, 2, 8, new Random(1)).file(false);
        assertThat(decoder.decode(withPngChunks(file, sideways, mirrored)).width())
                .isEqualTo(3);

        sideways[sideways.length - 1] ^= 1;

        assertThat(decoder.decode(withPngChunks(file, sideways)).width()).isEqualTo(5);
    }

    /** With chunks behind the pixels. */
    private static byte[] withPngChunks(byte[] file, byte[]... chunks) {
        var out = new ByteArrayOutputStream();
        int end = file.length - 12;
        out.write(file, 0, end);
        for (var chunk : chunks) {
            out.writeBytes(chunk);
        }
        out.write(file, end, 12);
        return out.toByteArray();
    }

    /** As Exif describes the orientations: by mirroring at the vertical axis, and by turns of 90 degrees clockwise. */
    private static int[][] uprightSamples(int[][] stored, int channels, int orientation) {
        boolean mirrored = orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7;
        var samples = mirrored ? mirrored(stored, channels) : stored;
        int turns = switch (orientation) {
            case 6, 7 -> 1;
            case 3, 4 -> 2;
            case 5, 8 -> 3;
            default -> 0;
        };
        for (int turn = 0; turn < turns; turn++) {
            samples = turnedClockwise(samples, channels);
        }
        return samples;
    }

    private static int[][] mirrored(int[][] stored, int channels) {
        var samples = new int[stored.length][stored[0].length];
        int width = stored[0].length / channels;
        for (int y = 0; y < stored.length; y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(stored[y], x * channels, samples[y], (width - 1 - x) * channels, channels);
            }
        }
        return samples;
    }

    private static int[][] turnedClockwise(int[][] stored, int channels) {
        int width = stored[0].length / channels;
        var samples = new int[width][stored.length * channels];
        for (int y = 0; y < stored.length; y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(stored[y], x * channels, samples[x], (stored.length - 1 - y) * channels, channels);
            }
        }
        return samples;
    }

    @DisplayName("A JPEG of four inks becomes red, green and blue")
    @ParameterizedTest
    @CsvSource({"255, 255, 255, 255, WHITE", "255, 0, 0, 255, RED", "0, 0, 255, 255, BLUE"})
    void inksAreConverted(int cyan, int magenta, int yellow, int black, Corner expected) throws Exception {
        var pixels = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 32, 32, 4, null);
        for (int i = 0; i < 32 * 32; i++) {
            pixels.setPixel(i % 32, i / 32, new int[] {cyan, magenta, yellow, black});
        }
        var bytes = new ByteArrayOutputStream();
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(pixels, null, null), null);
        } finally {
            writer.dispose();
        }
        // Adobe's marker: inks are stored inverted, 255 meaning none.
        var adobe = new byte[] {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};

        var image = decoder.decode(withSegment(bytes.toByteArray(), 0xEE, adobe));

        assertThat(image.header().colourType()).isEqualTo(ColourType.RGB);
        assertThat(Corner.at(image.raster(), 9, 9)).isEqualTo(expected);
    }

    @DisplayName("A JPEG that is cut off is refused; its rest is not filled up with grey")
    @Test
    void truncatedJpegIsRefused() throws Exception {
        var file = noisyJpeg();

        for (int length = 0; length < file.length; length += 97) {
            assertThat(failure(Arrays.copyOf(file, length)).reason())
                    .as("%d of %d bytes", length, file.length)
                    .isEqualTo(Reason.INVALID);
        }
        assertThat(failure(Arrays.copyOf(file, file.length - 2)).reason()).isEqualTo(Reason.INVALID);
        assertThat(decoder.decode(file).warnings()).isEmpty();
    }

    @Test
    void damagedJpegIsRefused() throws Exception {
        var file = noisyJpeg();
        Arrays.fill(file, file.length / 2, file.length / 2 + 40, (byte) 0x7F);

        assertThat(failure(file)).hasMessageContaining("damaged");
    }

    @Test
    void truncatedWebpIsRefused() throws Exception {
        assertThat(decoder.decode(WEBP).width()).isEqualTo(1);
        for (int length = 0; length < WEBP.length; length++) {
            assertThat(failure(Arrays.copyOf(WEBP, length)).reason()).isEqualTo(Reason.INVALID);
        }
    }

    @DisplayName("A small JPEG that claims many pixels is refused by its header, without decoding")
    @Test
    void bombIsRefusedByItsHeader() throws Exception {
        var bomb = claiming(greyJpeg(1), 8192, 8192);
        var tolerant = new ImageFileDecoder(budget, Long.MAX_VALUE);

        assertThat(bomb).hasSizeLessThan(1000);
        assertThat(failure(bomb).reason()).isEqualTo(Reason.TOO_LARGE);
        var refused = catchThrowableOfType(ImageDecodingException.class, () -> tolerant.decode(bomb));
        assertThat(refused.reason()).isEqualTo(Reason.EXCEEDS_MEMORY);
        assertThat(refused).hasMessage("decoding it takes 640 MB, and this process has 8 MB for it");
        assertThat(budget.available()).isEqualTo(8 << 20);
    }

    @DisplayName("A PNG that claims many pixels and has few is refused without their memory")
    @Test
    void pngBombTakesNoMemory() {
        var file = pngClaiming(50_000, 50_000);

        var refused = catchThrowableOfType(
                ImageDecodingException.class, () -> new ImageFileDecoder(budget, Long.MAX_VALUE).decode(file));

        assertThat(refused.reason()).isEqualTo(Reason.INVALID);
        assertThat(refused).hasMessage("its image data ends early");
    }

    @DisplayName("A PNG of one row that is longer than the memory is refused by its header")
    @Test
    void pngWithAHugeRowIsRefused() {
        var refused = catchThrowableOfType(
                ImageDecodingException.class,
                () -> new ImageFileDecoder(budget, Long.MAX_VALUE).decode(pngClaiming(60_000_000, 1)));

        assertThat(refused.reason()).isEqualTo(Reason.EXCEEDS_MEMORY);
    }

    private static byte[] pngClaiming(int width, int height) {
        var file = RawPng.plain(8, 8, 6, 16, 0).file(false);
        var crc = new CRC32();
        ByteBuffer.wrap(file).putInt(16, width).putInt(20, height);
        crc.update(file, 12, 17);
        ByteBuffer.wrap(file).putInt(29, (int) crc.getValue());
        return file;
    }

    @Test
    void otherFilesAreRefused() {
        assertThat(failure(new byte[0])).hasMessage("it is empty");
        assertThat(failure("BM".getBytes(StandardCharsets.US_ASCII))).hasMessage("it is no PNG, JPEG, WebP or GIF");
        assertThat(failure("GIF89a".getBytes(StandardCharsets.US_ASCII))).hasMessage("it ends early");
    }

    @Test
    void gifIsDecodedWithItsPalette() throws Exception {
        var gif = gif();

        var image = decoder.decode(gif);

        assertThat(image.header().colourType()).isEqualTo(ColourType.PALETTE);
        assertThat(image.width()).isEqualTo(9);
        assertThat(image.raster().toBufferedImage().getRGB(3, 4)).isEqualTo(0xFF00FF00);
        assertThat(image.warnings()).isEmpty();
    }

    @Test
    void firstImageOfAnAnimatedGifIsDecoded() throws Exception {
        var gif = gif();
        int first = 13 + (3 << ((gif[10] & 7) + 1));
        var animation = new ByteArrayOutputStream();
        animation.write(gif, 0, gif.length - 1);
        animation.write(gif, first, gif.length - first);

        var image = decoder.decode(animation.toByteArray());

        assertThat(image.width()).isEqualTo(9);
        assertThat(image.warnings()).singleElement().asString().contains("animation");
    }

    @Test
    void gifThatEndsEarlyIsRefused() throws Exception {
        var gif = gif();
        for (int length = 6; length < gif.length; length++) {
            assertThat(failure(Arrays.copyOf(gif, length))).hasMessage("it ends early");
        }
    }

    private static byte[] gif() throws IOException {
        var image = new BufferedImage(9, 7, BufferedImage.TYPE_BYTE_INDEXED);
        for (int i = 0; i < 63; i++) {
            image.setRGB(i % 9, i / 9, 0xFF00FF00);
        }
        var out = new ByteArrayOutputStream();
        ImageIO.write(image, "gif", out);
        return out.toByteArray();
    }

    private ImageDecodingException failure(byte[] file) {
        return catchThrowableOfType(ImageDecodingException.class, () -> decoder.decode(file));
    }

    private static byte[] greyJpeg(int value) throws IOException {
        var image = new BufferedImage(32, 24, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 32 * 24; i++) {
            image.getRaster().setSample(i % 32, i / 32, 0, value);
        }
        return jpeg(image);
    }

    /** Red, green, blue and white quarters. */
    private static byte[] cornersJpeg() throws IOException {
        var image = new BufferedImage(64, 32, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 32; y++) {
            for (int x = 0; x < 64; x++) {
                image.setRGB(x, y, Corner.values()[x / 32 + 2 * (y / 16)].rgb);
            }
        }
        return jpeg(image);
    }

    private static byte[] noisyJpeg() throws IOException {
        var random = new Random(8);
        var image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            image.setRGB(i % 64, i / 64, random.nextInt());
        }
        return jpeg(image);
    }

    private static byte[] jpeg(BufferedImage image) throws IOException {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", bytes);
        return bytes.toByteArray();
    }

    /** The JPEG with another size in its frame header. */
    private static byte[] claiming(byte[] jpeg, int width, int height) {
        for (int i = 2; i < jpeg.length - 9; i++) {
            if ((jpeg[i] & 0xFF) == 0xFF && (jpeg[i + 1] & 0xFF) == 0xC0) {
                ByteBuffer.wrap(jpeg).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
                return jpeg;
            }
        }
        throw new IllegalArgumentException("no frame");
    }

    private static byte[] withSegment(byte[] jpeg, int marker, byte[] body) {
        var out = new ByteArrayOutputStream();
        int first = 4 + ((jpeg[4] & 0xFF) << 8) + (jpeg[5] & 0xFF);
        out.write(jpeg, 0, first);
        out.writeBytes(
                new byte[] {(byte) 0xFF, (byte) marker, (byte) ((body.length + 2) >> 8), (byte) (body.length + 2)});
        out.writeBytes(body);
        out.write(jpeg, first, jpeg.length - first);
        return out.toByteArray();
    }

    private static byte[] exif(int orientation, ByteOrder order) {
        var tiff = ByteBuffer.allocate(6 + 8 + 2 + 24 + 4).order(order);
        tiff.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        tiff.put(order == ByteOrder.BIG_ENDIAN ? new byte[] {'M', 'M'} : new byte[] {'I', 'I'});
        tiff.putShort((short) 42).putInt(8).putShort((short) 2);
        tiff.putShort((short) 0x0100)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) 64)
                .putShort((short) 0);
        tiff.putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0);
        tiff.putInt(0);
        return tiff.array();
    }

    private enum Corner {
        RED(0xFF0000),
        GREEN(0x00FF00),
        BLUE(0x0000FF),
        WHITE(0xFFFFFF);

        private final int rgb;

        Corner(int rgb) {
            this.rgb = rgb;
        }

        private static Corner at(PngRaster raster, int x, int y) {
            int found = 0;
            for (int channel = 0; channel < 3; channel++) {
                found = found << 8 | (raster.sample(x, y, channel) > 128 ? 0xFF : 0);
            }
            int rgb = found;
            return Arrays.stream(values())
                    .filter(corner -> corner.rgb == rgb)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
