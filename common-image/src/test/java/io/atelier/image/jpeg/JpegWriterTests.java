package io.atelier.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.image.png.PngImage;
import io.atelier.image.png.PngKind;
import io.atelier.image.png.PngRaster;
import io.atelier.image.png.PngTextChunks;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JpegWriterTests {

    private final JpegWriter writer = new JpegWriter();

    @DisplayName("Grey and colours are those of the PNG, within what JPEG loses, and grey has one channel")
    @ParameterizedTest
    @MethodSource("opaque")
    void pixelsAreThoseOfThePng(BufferedImage image) throws Exception {
        var decoded = decoded(writer.write(PngRaster.of(image), 95, PngTextChunks.NONE));

        boolean isGrey = image.getRaster().getNumBands() == 1;
        assertThat(decoded.getRaster().getNumBands()).isEqualTo(isGrey ? 1 : 3);
        for (int y = 0; y < 64; y += 7) {
            for (int x = 0; x < 64; x += 5) {
                var expected = image.getRaster().getPixel(x, y, (int[]) null);
                var actual = decoded.getRaster().getPixel(x, y, (int[]) null);
                for (int channel = 0; channel < expected.length; channel++) {
                    assertThat(actual[channel] - expected[channel]).isBetween(-6, 6);
                }
            }
        }
    }

    static List<BufferedImage> opaque() {
        var images = new ArrayList<BufferedImage>();
        for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_BYTE_GRAY}) {
            var image = new BufferedImage(64, 64, type);
            var pen = image.createGraphics();
            pen.setPaint(new GradientPaint(0, 0, Color.BLACK, 64, 64, Color.ORANGE));
            pen.fillRect(0, 0, 64, 64);
            images.add(image);
        }
        return images;
    }

    @DisplayName("Grey of 16 bits is rounded to 8, and not taken for linear light")
    @Test
    void greyOf16Bits() throws Exception {
        var image = new BufferedImage(16, 16, BufferedImage.TYPE_USHORT_GRAY);
        for (int i = 0; i < 256; i++) {
            image.getRaster().setSample(i % 16, i / 16, 0, 128 * 257 + 100);
        }

        var decoded = decoded(writer.write(PngRaster.of(image), 100, PngTextChunks.NONE));

        assertThat(decoded.getRaster().getSample(8, 8, 0)).isEqualTo(128);
    }

    @DisplayName("Transparent pixels are laid on white")
    @Test
    void transparencyIsLaidOnWhite() throws Exception {
        var image = new BufferedImage(32, 8, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 32; x++) {
                image.setRGB(x, y, x < 8 ? 0x00FF0000 : x < 16 ? 0x80000000 : 0xFF000000);
            }
        }

        var decoded = decoded(writer.write(PngRaster.of(image), 100, PngTextChunks.NONE));

        assertThat(decoded.getColorModel().hasAlpha()).isFalse();
        assertThat(decoded.getRaster().getSample(3, 4, 1)).isBetween(250, 255);
        assertThat(decoded.getRaster().getSample(12, 4, 1)).isBetween(123, 131);
        assertThat(decoded.getRaster().getSample(28, 4, 1)).isBetween(0, 4);
    }

    @DisplayName("The ICC profile is kept, in several segments if it is long")
    @Test
    void profileIsKept() throws Exception {
        var profile = ICC_Profile.getInstance(ColorSpace.CS_PYCC).getData();
        var profileBytes = Arrays.copyOf(profile, 200_000);
        System.arraycopy("RGB ".getBytes(StandardCharsets.US_ASCII), 0, profileBytes, 16, 4);
        var image = PngImage.of(opaque().get(0)).withProfile(profileBytes);

        var file = writer.write(image.raster(), 90, PngTextChunks.NONE);

        var parts = segments(file, 0xE2);
        assertThat(parts).hasSize(4);
        var joined = new ByteArrayOutputStream();
        for (int number = 1; number <= parts.size(); number++) {
            var part = parts.get(number - 1);
            assertThat(new String(part, 0, 11, StandardCharsets.US_ASCII)).isEqualTo("ICC_PROFILE");
            assertThat(part).startsWith("ICC_PROFILE".getBytes(StandardCharsets.US_ASCII));
            assertThat(Arrays.copyOfRange(part, 11, 14)).containsExactly(0, number, 4);
            joined.write(part, 14, part.length - 14);
        }
        assertThat(joined.toByteArray()).isEqualTo(profileBytes);
    }

    @DisplayName("A profile that is not one of the colours in the file is left out")
    @Test
    void profileOfAnotherSpaceIsLeftOut() {
        var rgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();

        assertThat(segments(writer.write(opaque().get(1), Optional.of(rgb), 90, PngTextChunks.NONE), 0xE2))
                .isEmpty();
        assertThat(segments(writer.write(opaque().get(0), Optional.of(new byte[3]), 90, PngTextChunks.NONE), 0xE2))
                .isEmpty();
        assertThat(segments(writer.write(opaque().get(0), Optional.of(rgb), 90, PngTextChunks.NONE), 0xE2))
                .hasSize(1);
    }

    @DisplayName("Texts become comments, long ones several, and XMP a segment of its own")
    @Test
    void textsAreKept() throws Exception {
        var prompt = "a ❄ ".repeat(20_000);
        var text = new PngTextChunks(Map.of("prompt", prompt, "XML:com.adobe.xmp", "<x:xmpmeta/>"));

        var file = writer.write(opaque().get(0), Optional.empty(), 90, text);

        var comments = segments(file, 0xFE);
        assertThat(comments).hasSize(2);
        assertThat(comments.stream().map(part -> new String(part, StandardCharsets.UTF_8)))
                .allSatisfy(part -> assertThat(part).doesNotContain("\uFFFD"));
        assertThat(new String(comments.get(0), StandardCharsets.UTF_8)
                        + new String(comments.get(1), StandardCharsets.UTF_8))
                .isEqualTo("prompt: " + prompt);
        assertThat(segments(file, 0xE1))
                .singleElement()
                .satisfies(part -> assertThat(new String(part, StandardCharsets.UTF_8))
                        .isEqualTo("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"));
        assertThat(decoded(file).getWidth()).isEqualTo(64);
    }

    @DisplayName("A prompt that does not fit into the segment of XMP is left out there, and the mark is not")
    @Test
    void theMarkStaysWhenThePromptIsTooLong() {
        var text = new PngTextChunks(Map.of("prompt", "&".repeat(32_000)))
                .marked(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA);

        var file = latin1(writer.write(PngRaster.of(opaque().get(0)), 90, text));

        assertThat(file).contains(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA.uri(), "prompt: &&&");
    }

    @DisplayName("Control characters do not reach comments")
    @Test
    void controlCharactersAreReplaced() {
        var text = new PngTextChunks(Map.of("prompt", "a\u0001\u001B[31m\u007Fb"));

        var file = latin1(writer.write(PngRaster.of(opaque().get(0)), 90, text));

        assertThat(file).contains("prompt: a").doesNotContain("\u001B[31m", "\u007Fb");
    }

    private static String latin1(byte[] file) {
        return new String(file, StandardCharsets.ISO_8859_1);
    }

    @DisplayName("A higher quality makes a larger file, and equal images equal files")
    @Test
    void qualityDecides() {
        var raster = PngRaster.of(opaque().get(0));

        var lengths = new ArrayList<Integer>();
        for (int quality : new int[] {0, 30, 90, 100}) {
            lengths.add(writer.write(raster, quality, PngTextChunks.NONE).length);
        }

        assertThat(lengths).isSorted().doesNotHaveDuplicates();
        assertThat(writer.write(raster, 90, PngTextChunks.NONE))
                .isEqualTo(writer.write(raster, 90, PngTextChunks.NONE));
    }

    @DisplayName("A JPEG is made of every kind of PNG")
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.atelier.image.png.PngKind#all")
    void everyKindOfPngIsWritten(PngKind kind) throws Exception {
        var raster = PngRaster.read(kind.image(41, 33).file(kind.interlaced()));

        var decoded = decoded(writer.write(raster, 90, PngTextChunks.NONE));

        assertThat(decoded.getWidth()).isEqualTo(41);
        assertThat(decoded.getHeight()).isEqualTo(33);
    }

    private static BufferedImage decoded(byte[] file) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(file));
    }

    /** The contents of the segments with a marker, before the image data. */
    private static List<byte[]> segments(byte[] file, int marker) {
        var found = new ArrayList<byte[]>();
        int at = 2;
        while ((file[at + 1] & 0xFF) != 0xDA) {
            int length = (file[at + 2] & 0xFF) << 8 | (file[at + 3] & 0xFF);
            if ((file[at + 1] & 0xFF) == marker) {
                found.add(Arrays.copyOfRange(file, at + 4, at + 2 + length));
            }
            at += 2 + length;
        }
        return found;
    }
}
