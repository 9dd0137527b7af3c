package io.atelier.gateway.view.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.ImageSize;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSizesTests {

    private final ModelSizes sizes = ModelSizes.between(64, 1024, 8, new ImageSize(512, 512));

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

    /** The limits of OpenAI's models since gpt-image-2. */
    private final ModelSizes free =
            new ModelSizes(480, 3840, 16, new ImageSize(1024, 1024), 655_360L, 8_294_400L, 3.0, List.of());

    /** The sizes of OpenAI's models before gpt-image-2. */
    private final ModelSizes few = new ModelSizes(
            1024,
            1536,
            512,
            new ImageSize(1024, 1024),
            null,
            null,
            null,
            List.of(new ImageSize(1024, 1024), new ImageSize(1536, 1024), new ImageSize(1024, 1536)));

    @ParameterizedTest
    @CsvSource({
        "3840,2160,true",
        "2160,3840,true",
        "1024,640,true",
        "640,1024,true",
        "480,1440,true",
        "2880,2880,true",
        "3840,2176,false",
        "3856,2160,false",
        "1024,624,false",
        "464,1392,false",
        "480,1456,false",
        "1456,480,false",
        "1000,1000,false",
        "1024,1025,false",
        "512,512,false",
        "2896,2880,false"
    })
    void allLimitsHoldTogether(int width, int height, boolean isAllowed) {
        assertThat(free.allow(new ImageSize(width, height))).isEqualTo(isAllowed);
    }

    @ParameterizedTest
    @CsvSource({
        "512,512,816x816",
        "1920,1080,1920x1088",
        "4096,4096,2880x2880",
        "4096,64,1440x480",
        "3840,2176,3824x2160",
        "4096,2048,3840x1920",
        "1920,1081,1920x1088",
        "1024,1024,1024x1024"
    })
    void nearestSizeIsAllowedAndCloseToTheWantedOne(int width, int height, String nearest) {
        assertThat(free.nearest(new ImageSize(width, height))).hasToString(nearest);
    }

    @Test
    void nearestSizeOfASquareIsASquare() {
        for (int side = 8; side <= 4096; side += 8) {
            var nearest = free.nearest(new ImageSize(side, side));
            assertThat(nearest.width()).as("%d", side).isEqualTo(nearest.height());
        }
    }

    @Test
    void nearestSizeOfAnyWantedOneIsAllowed() {
        for (int width = 8; width <= 4096; width += 136) {
            for (int height = 8; height <= 4096; height += 136) {
                var wanted = new ImageSize(width, height);
                assertThat(free.allow(free.nearest(wanted))).as("%s", wanted).isTrue();
                assertThat(few.allow(few.nearest(wanted))).as("%s", wanted).isTrue();
                if (free.allow(wanted)) {
                    assertThat(free.nearest(wanted)).isEqualTo(wanted);
                }
            }
        }
    }

    @Test
    void everyRatioGivesAnAllowedSizeWithinMoreLimitsToo() {
        for (double ratio = 1.0 / 3; ratio <= 3; ratio += 0.001) {
            assertThat(free.allow(free.ofRatio(ratio))).as("%s", ratio).isTrue();
            assertThat(few.allow(few.ofRatio(ratio))).as("%s", ratio).isTrue();
        }
        assertThat(free.ofRatio(16.0 / 9)).hasToString("1360x768");
    }

    @ParameterizedTest
    @CsvSource({"1024,1024,true", "1536,1024,true", "1024,1536,true", "1536,1536,false", "1280,1024,false"})
    void modelWithFewSizesAllowsNoOther(int width, int height, boolean isAllowed) {
        assertThat(few.allow(new ImageSize(width, height))).isEqualTo(isAllowed);
    }

    @ParameterizedTest
    @CsvSource({"512,512,1024x1024", "1600,896,1536x1024", "768,1280,1024x1536"})
    void modelWithFewSizesHasANearestOne(int width, int height, String nearest) {
        assertThat(few.nearest(new ImageSize(width, height))).hasToString(nearest);
    }

    @Test
    void descriptionNamesEveryLimit() {
        assertThat(free.description())
                .isEqualTo("sides of 480 to 3840 pixels, multiples of 16, ratios from 1:3 to 3:1,"
                        + " at least 655360 pixels in all, at most 8294400 pixels in all");
        assertThat(few.description()).isEqualTo("1024x1024, 1536x1024, 1024x1536");
        assertThat(sizes.description()).isEqualTo("sides of 64 to 1024 pixels, multiples of 8");
    }

    @Test
    void limitsApplyToBothSides() {
        assertThat(sizes.allow(new ImageSize(64, 1024))).isTrue();
        assertThat(sizes.allow(new ImageSize(56, 512))).isFalse();
        assertThat(sizes.allow(new ImageSize(512, 1032))).isFalse();
        assertThat(sizes.allow(new ImageSize(512, 516))).isFalse();
    }
}
