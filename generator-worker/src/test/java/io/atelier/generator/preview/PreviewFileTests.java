package io.atelier.generator.preview;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.DigitalSourceType;
import io.atelier.contract.work.TaskProgress.Preview;
import io.atelier.image.png.PngTextChunks;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreviewFileTests {

    @Test
    @DisplayName("Noise, which is hardest to compress, fits in the limit at the largest size")
    void noiseFits() throws IOException {
        var file = PreviewFile.of(noise(256, 256), PngTextChunks.NONE, Preview.MAX_BYTES);

        assertThat(file.bytes()).hasSizeLessThanOrEqualTo(Preview.MAX_BYTES);
        assertThat(file.width()).isEqualTo(256);
        var read = ImageIO.read(new ByteArrayInputStream(file.bytes()));
        assertThat(read.getWidth()).isEqualTo(256);
    }

    @DisplayName("A file that is too large is made of a smaller image")
    @ParameterizedTest
    @CsvSource({"256, 192, 8000", "256, 3, 900", "7, 5, 10"})
    void smallerImageFits(int width, int height, int limit) {
        var file = PreviewFile.of(noise(width, height), PngTextChunks.NONE, limit);

        assertThat(file.bytes().length <= limit || file.width() * file.height() == 1)
                .isTrue();
        assertThat(file.width()).isLessThan(width).isPositive();
        assertThat(file.height()).isLessThan(height).isPositive();
    }

    @Test
    void fileSaysThatItIsGenerated() {
        var marked = PngTextChunks.NONE.marked(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA);

        var file = PreviewFile.of(noise(8, 8), marked, Preview.MAX_BYTES);

        assertThat(new String(file.bytes(), StandardCharsets.ISO_8859_1)).contains("trainedAlgorithmicMedia");
    }

    private static BufferedImage noise(int width, int height) {
        var random = new Random(7);
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return image;
    }
}
