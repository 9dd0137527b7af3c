package io.atelier.image.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.image.png.PngKind;
import io.atelier.image.png.PngRaster;
import java.awt.image.BufferedImage;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AreaScalerTests {

    @DisplayName("A fine chequerboard of black and white becomes the grey of half its light, 188 in sRGB")
    @Test
    void theMeanIsTakenInLinearLight() {
        var board = image(64, 64, 1, (x, y, channel) -> (x + y) % 2 * 255);

        var small = AreaScaler.scale(board, 8);

        assertThat(small.getWidth()).isEqualTo(8);
        assertThat(small.getHeight()).isEqualTo(8);
        assertThat(samples(small)).containsOnly(188);
    }

    @DisplayName("An image of one colour keeps it, whatever the ratio of the widths")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 63, 64, 99, 100})
    void evenColourStays(int width) {
        for (int value = 0; value < 256; value++) {
            int grey = value;
            assertThat(samples(AreaScaler.scale(image(100, 5, 1, (x, y, channel) -> grey), width)))
                    .containsOnly(grey);
        }
    }

    @DisplayName("Each pixel is the mean of the area that it covers, also where it cuts pixels")
    @Test
    void partsOfPixelsCount() {
        // Three pixels to two: the first one and half of the second one.
        var small = AreaScaler.scale(image(3, 3, 3, (x, y, channel) -> x == channel ? 255 : 0), 2);

        int twoThirds = encoded(2 / 3.0);
        int oneThird = encoded(1 / 3.0);
        assertThat(samples(small))
                .containsExactly(
                        twoThirds, oneThird, 0, 0, oneThird, twoThirds, twoThirds, oneThird, 0, 0, oneThird, twoThirds);
    }

    @DisplayName("The samples are those of a plain computation in double precision, within one step")
    @ParameterizedTest
    @CsvSource({"97, 61, 40, 1", "97, 61, 96, 3", "64, 64, 16, 3", "50, 200, 7, 4", "33, 7, 32, 2", "300, 2, 1, 4"})
    void samplesAreThoseOfAPlainComputation(int width, int height, int to, int channels) {
        var random = new Random(width + to);
        var values = new int[width * height * channels];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(256);
        }
        var source = image(width, height, channels, (x, y, channel) -> values[(y * width + x) * channels + channel]);

        var small = AreaScaler.scale(source, to);

        var expected = plain(values, width, height, channels, to, small.getHeight());
        var actual = samples(small);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("sample %d", i).isBetween(expected[i] - 1, expected[i] + 1);
        }
    }

    @DisplayName("The colour of transparent pixels does not shine through")
    @Test
    void transparentPixelsHaveNoColour() {
        // Red and opaque beside green and transparent.
        var source = image(2, 1, 4, (x, y, channel) -> channel == x || (channel == 3 && x == 0) ? 255 : 0);

        assertThat(samples(AreaScaler.scale(source, 1))).containsExactly(255, 0, 0, 128);
    }

    @DisplayName("An image that is not wider keeps its size and its samples")
    @Test
    void imagesAreNotEnlarged() {
        var source = image(10, 4, 3, (x, y, channel) -> x * 20 + y + channel);

        var same = AreaScaler.scale(source, 256);

        assertThat(same.getWidth()).isEqualTo(10);
        assertThat(same.getHeight()).isEqualTo(4);
        assertThat(samples(same)[0]).isZero();
        assertThat(samples(same)[(3 * 10 + 9) * 3 + 2]).isEqualTo(9 * 20 + 3 + 2);
    }

    @DisplayName("All kinds of PNG become grey or colours, with alpha if pixels may be transparent")
    @ParameterizedTest(name = "{0}")
    @MethodSource("io.atelier.image.png.PngKind#all")
    void formOfSamplesStays(PngKind kind) throws Exception {
        var raster = PngRaster.read(kind.image(41, 33).file(kind.interlaced()));
        boolean isGrey = kind.colourType() == 0 || kind.colourType() == 4;
        boolean hasAlpha = kind.colourType() >= 4 || kind.hasTransparency();

        var whole = AreaScaler.scale(raster, 41);
        var small = AreaScaler.scale(raster, 10);

        assertThat(small.getHeight()).isEqualTo(8);
        assertThat(small.getRaster().getNumBands()).isEqualTo((isGrey ? 1 : 3) + (hasAlpha ? 1 : 0));
        int tolerance = kind.depth() == 16 ? 1 : 0;
        int[] pixel = null;
        for (int x = 0; x < 41; x++) {
            pixel = whole.getRaster().getPixel(x, x % 33, pixel);
            int argb = raster.argb(x, x % 33);
            // 16 bits are rounded here, and cut off there.
            assertThat(pixel[0] - (argb >> 16 & 0xFF)).isBetween(-tolerance, tolerance);
            if (hasAlpha) {
                assertThat(pixel[pixel.length - 1] - (argb >>> 24)).isBetween(-tolerance, tolerance);
            }
        }
    }

    private interface Sample {
        int at(int x, int y, int channel);
    }

    private static PngRaster image(int width, int height, int channels, Sample sample) {
        var samples = new byte[width * height * channels];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int channel = 0; channel < channels; channel++) {
                    samples[at++] = (byte) sample.at(x, y, channel);
                }
            }
        }
        return PngRaster.of(EightBitImages.image(width, height, channels, samples));
    }

    private static int[] samples(BufferedImage image) {
        return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
    }

    private static int[] plain(int[] values, int width, int height, int channels, int to, int toHeight) {
        var result = new int[to * toHeight * channels];
        boolean hasAlpha = channels % 2 == 0;
        for (int ty = 0; ty < toHeight; ty++) {
            for (int tx = 0; tx < to; tx++) {
                var sums = new double[channels];
                double area = 0;
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        double part = overlap(x, tx, width, to) * overlap(y, ty, height, toHeight);
                        int at = (y * width + x) * channels;
                        double opacity = hasAlpha ? values[at + channels - 1] / 255.0 : 1;
                        for (int c = 0; c < (hasAlpha ? channels - 1 : channels); c++) {
                            sums[c] += part * opacity * linear(values[at + c] / 255.0);
                        }
                        area += part * opacity;
                        if (hasAlpha) {
                            sums[channels - 1] += part;
                        }
                    }
                }
                int at = (ty * to + tx) * channels;
                for (int c = 0; c < channels; c++) {
                    result[at + c] = encoded(area == 0 ? 0 : sums[c] / area);
                }
                if (hasAlpha) {
                    result[at + channels - 1] = (int) Math.round(255 * area / sums[channels - 1]);
                }
            }
        }
        return result;
    }

    private static double overlap(int from, int to, int fromSize, int toSize) {
        double each = (double) fromSize / toSize;
        return Math.max(0, Math.min(from + 1, (to + 1) * each) - Math.max(from, to * each));
    }

    private static double linear(double value) {
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    private static int encoded(double value) {
        return (int) Math.round(255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * Math.pow(value, 1 / 2.4) - 0.055));
    }
}
