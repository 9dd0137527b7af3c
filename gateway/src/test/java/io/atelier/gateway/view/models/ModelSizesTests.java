package io.atelier.gateway.view.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.ImageSize;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSizesTests {

    private final ModelSizes sizes = new ModelSizes(64, 1024, 8, new ImageSize(512, 512));

    @ParameterizedTest
    @CsvSource({"1,1,512x512", "16,9,680x384", "9,16,384x680", "3,1,888x296", "1,3,296x888", "4,3,592x440"})
    void ratioKeepsTheNumberOfPixels(int width, int height, String size) {
        assertThat(sizes.ofRatio((double) width / height)).hasToString(size);
    }

    @Test
    void everyRatioGivesAnAllowedSize() {
        for (double ratio = 1.0 / 3; ratio <= 3; ratio += 0.001) {
            var size = sizes.ofRatio(ratio);
            assertThat(sizes.allow(size)).as("%s", size).isTrue();
            assertThat((double) size.width() / size.height()).isCloseTo(ratio, Offset.offset(ratio * 0.03));
        }
    }

    @Test
    void limitsApplyToBothSides() {
        assertThat(sizes.allow(new ImageSize(64, 1024))).isTrue();
        assertThat(sizes.allow(new ImageSize(56, 512))).isFalse();
        assertThat(sizes.allow(new ImageSize(512, 1032))).isFalse();
        assertThat(sizes.allow(new ImageSize(512, 516))).isFalse();
    }
}
