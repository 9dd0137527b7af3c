package io.atelier.image.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.atelier.contract.image.ImageSize;
import java.awt.image.BufferedImage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected values of rows are from Pillow 12's LANCZOS filter. */
class SquareRasterTests {

    private static final double TOLERANCE = 1e-5;

    @ParameterizedTest
    @CsvSource({"8, 8", "16, 16", "512, 512", "3, 3", "1, 1", "31, 7", "7, 31", "64, 1", "1, 64"})
    void aConstantImageStaysConstant(int width, int height) {
        var image = square((channel, x, y) -> new float[] {1, 0, -1}[channel]).render(new ImageSize(width, height));

        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getHeight()).isEqualTo(height);
        assertThat(image.getRGB(0, 0, width, height, null, 0, width)).containsOnly(0xffff8000);
    }

    @Test
    void theNativeSizeKeepsEachPixel() {
        var image = square((channel, x, y) -> channel == 0 ? x / 4f - 1 : channel == 1 ? y / 4f - 1 : -1)
                .render(new ImageSize(8, 8));

        assertThat(image.getRGB(3, 5))
                .isEqualTo(0xff000000 | Math.round(3 / 4f * 127.5f) << 16 | Math.round(5 / 4f * 127.5f) << 8);
    }

    @Test
    void anEnlargedRowHasTheExpectedValues() {
        assertThat(resampled(2, 0, 0, 0, 1, 0, 0, 0, 0))
                .containsExactly(
                        new double[] {
                            0, 0.006688, 0.028391, -0.070108, -0.134265, 0.271011, 0.892771, 0.892771, 0.271011,
                            -0.133275, -0.067997, 0.030336, 0.007607, 0, 0, 0
                        },
                        within(TOLERANCE));
        assertThat(resampled(2, 0, 1, 4, 9, 16, 25, 36, 49)).startsWith(new double[] {-0.016243}, within(TOLERANCE));
    }

    @Test
    void aReducedRowHasTheExpectedValues() {
        assertThat(resampled(3 / 8.0, 0, 0, 0, 1, 0, 0, 0, 0))
                .containsExactly(new double[] {0.07731, 0.341318, -0.045584}, within(TOLERANCE));
        assertThat(resampled(3 / 8.0, 0, 1, 4, 9, 16, 25, 36, 49))
                .containsExactly(new double[] {0.65746, 12.25, 38.301464}, within(2e-5));
    }

    @Test
    void aMirroredImageIsRenderedMirrored() {
        var one = square((channel, x, y) -> (float) Math.sin(x * y + channel)).render(new ImageSize(21, 13));
        var other = square((channel, x, y) -> (float) Math.sin((7 - x) * y + channel))
                .render(new ImageSize(21, 13));

        for (int x = 0; x < 21; x++) {
            assertThat(one.getRGB(x, 6)).isEqualTo(other.getRGB(20 - x, 6));
        }
    }

    @Test
    void aWideImageShowsTheMiddle() {
        var wide = horizon().render(new ImageSize(16, 8));

        assertThat(wide.getRGB(8, 0) & 255).as("just above the middle band").isLessThan(20);
        assertThat(wide.getRGB(8, 4) & 255).as("the middle band").isGreaterThan(235);
        assertThat(wide.getRGB(8, 7) & 255).as("just below the middle band").isLessThan(20);
    }

    @Test
    void overshootIsClamped() {
        BufferedImage image = square((channel, x, y) -> x < 4 ? -1 : 1).render(new ImageSize(64, 64));

        IntStream.range(0, 64)
                .forEach(x -> assertThat(image.getRGB(x, 32) & 255).isEqualTo(image.getRGB(x, 32) >> 16 & 255));
        assertThat(image.getRGB(8, 32)).isEqualTo(0xff000000);
        assertThat(image.getRGB(55, 32)).isEqualTo(0xffffffff);
        assertThat(image.getRGB(36, 32)).as("the overshoot beside the edge").isEqualTo(0xffffffff);
    }

    @Test
    void anArrayOfAnotherLengthIsRejected() {
        assertThatThrownBy(() -> new SquareRaster(8, new float[64])).hasMessageContaining("8 x 8");
    }

    private static double[] resampled(double scale, float... row) {
        var axis = LanczosAxis.centred(row.length, (int) Math.round(row.length * scale), scale);
        return IntStream.range(0, axis.length())
                .mapToDouble(i -> axis.at(i, row, 0, 1))
                .toArray();
    }

    /** White in rows 3 and 4 of 8, else black. */
    private static SquareRaster horizon() {
        return square((channel, x, y) -> y == 3 || y == 4 ? 1 : -1);
    }

    private static SquareRaster square(Value value) {
        var planes = new float[3 * 64];
        for (int i = 0; i < planes.length; i++) {
            planes[i] = value.at(i / 64, i % 8, i / 8 % 8);
        }
        return new SquareRaster(8, planes);
    }

    private interface Value {
        float at(int channel, int x, int y);
    }
}
