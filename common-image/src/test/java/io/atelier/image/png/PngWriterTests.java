package io.atelier.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class PngWriterTests {

    private final PngWriter writer = new PngWriter();

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "1, 1, 2",
        "64, 48, 1",
        "64, 48, 2",
        "64, 48, 5",
        "64, 48, 6",
        "33, 7, 10",
        "33, 7, 13",
        "512, 512, 1",
    })
    void anyImageDecodesToTheSamePixels(int width, int height, int type) throws IOException {
        var image = noise(width, height, type);

        var decoded = decode(writer.write(image, PngTextChunks.NONE));

        assertThat(pixels(decoded)).isEqualTo(pixels(image));
        assertThat(decoded.getColorModel().hasAlpha())
                .isEqualTo(image.getColorModel().hasAlpha());
        // Grey and palettes stay what they are.
        boolean isWhole = type == BufferedImage.TYPE_BYTE_GRAY || type == BufferedImage.TYPE_BYTE_INDEXED;
        assertThat(decoded.getColorModel().getPixelSize())
                .isEqualTo(isWhole ? 8 : image.getColorModel().hasAlpha() ? 32 : 24);
    }

    @Test
    void asciiIsWrittenAsTextAndOtherCharactersAsInternationalText() throws IOException {
        var text = Map.of("prompt", "ein Bär \uD83D\uDC3B liest", "model", "pocket", "lines", "one\ntwo", "empty", "");

        var file = writer.write(noise(8, 8, BufferedImage.TYPE_INT_RGB), new PngTextChunks(text));

        assertThat(chunks(file, "tEXt", "value"))
                .containsOnly(Map.entry("model", "pocket"), Map.entry("lines", "one\ntwo"), Map.entry("empty", ""));
        assertThat(chunks(file, "iTXt", "text")).containsOnly(Map.entry("prompt", "ein Bär \uD83D\uDC3B liest"));
    }

    @Test
    void aNulCharacterDoesNotCutATextShort() throws IOException {
        var file = writer.write(noise(8, 8, BufferedImage.TYPE_INT_RGB), new PngTextChunks(Map.of("prompt", "a\0b")));

        assertThat(chunks(file, "iTXt", "text")).containsOnly(Map.entry("prompt", "a\uFFFDb"));
    }

    @Test
    void equalImagesAndTextsResultInEqualBytes() {
        var text = new PngTextChunks(Map.of("seed", "1", "model", "pocket", "job", "x", "prompt", "y"));

        var first = writer.write(noise(40, 30, BufferedImage.TYPE_INT_RGB), text);
        var second = writer.write(noise(40, 30, BufferedImage.TYPE_INT_RGB), text);

        assertThat(first).isEqualTo(second);
    }

    @Test
    void smoothImagesResultInSmallFiles() {
        var image = new BufferedImage(512, 512, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 512; y++) {
            for (int x = 0; x < 512; x++) {
                image.setRGB(x, y, (x / 2) << 16 | (y / 2) << 8 | (x + y) / 4);
            }
        }

        assertThat(writer.write(image, PngTextChunks.NONE)).hasSizeLessThan(512 * 512 * 3 / 20);
    }

    private static BufferedImage decode(byte[] file) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(file));
    }

    private static Map<String, String> chunks(byte[] file, String type, String valueName) throws IOException {
        var reader = ImageIO.getImageReadersByFormatName("png").next();
        try (var in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in);
            var tree = (Element) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
            NodeList entries = tree.getElementsByTagName(type + "Entry");
            var found = new LinkedHashMap<String, String>();
            for (int i = 0; i < entries.getLength(); i++) {
                var entry = (Element) entries.item(i);
                found.put(entry.getAttribute("keyword"), entry.getAttribute(valueName));
            }
            return found;
        } finally {
            reader.dispose();
        }
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    private static BufferedImage noise(int width, int height, int type) {
        var random = new Random(7);
        var image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                // Every third row is noise and the others are gradients, so that each filter is the best one for some
                // row.
                int argb = y % 3 == 0 ? random.nextInt() : (x * 3) << 16 | (y * 2) << 8 | (x + y) | 0x80000000;
                image.setRGB(x, y, argb);
            }
        }
        return image;
    }
}
