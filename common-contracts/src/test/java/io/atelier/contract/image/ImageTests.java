package io.atelier.contract.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageTests {

    @Test
    void theNumberOfPixelsOfTheLargestImageIsExact() {
        assertThat(new ImageSize(16_384, 16_384).pixels()).isEqualTo(268_435_456L);
        assertThat(new ImageSize(640, 480)).hasToString("640x480");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-1, 5", "16385, 1", "1, 16385"})
    void aSizeOutOfRangeIsRejected(int width, int height) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageSize(width, height))
                .withMessageContaining(width + " x " + height);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "9, 1", "1, 9"})
    void aGridOutOfRangeIsRejected(int rows, int cols) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GridSpec(rows, cols, true, 0, 10, 32))
                .withMessageContaining(rows + " x " + cols);
    }

    @Test
    void aGridHasRowsTimesColumnsTiles() {
        assertThat(new GridSpec(3, 4, false, 0, 10, 32).tiles()).isEqualTo(12);
    }
}
