package io.atelier.generator.engine.diffusion.pipeline.latents;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.engine.diffusion.pipeline.model.PipelineFamily;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatentColoursTests {

    @DisplayName("Each family has colours for the channels of its VAE, and none for another number")
    @ParameterizedTest
    @CsvSource({
        "STABLE_DIFFUSION, 4",
        "LATENT_CONSISTENCY, 4",
        "STABLE_DIFFUSION_XL, 4",
        "STABLE_DIFFUSION_3, 16",
        "FLUX, 16",
        "POCKET, 3"
    })
    void channels(PipelineFamily family, int channels) {
        assertThat(LatentColours.of(family, channels)).isPresent();
        assertThat(LatentColours.of(family, channels * 2)).isEmpty();
        assertThat(LatentColours.of(family, 1)).isEmpty();
    }

    /** Expected values by hand: 127.5 * (1 + offset + sum of factor * latent). */
    @DisplayName("Colours are the sums of the channels with the factors of the family")
    @ParameterizedTest
    @CsvSource({
        "STABLE_DIFFUSION, 4, 0, 172, 157, 169",
        "STABLE_DIFFUSION, 4, 3, 100, 94, 36",
        "STABLE_DIFFUSION_XL, 4, 0, 188, 179, 183",
        "STABLE_DIFFUSION_XL, 4, 1, 109, 125, 141",
        "STABLE_DIFFUSION_3, 16, 15, 140, 136, 137",
        "FLUX, 16, 0, 119, 121, 125",
        "FLUX, 16, 13, 107, 112, 103",
        "POCKET, 3, 1, 128, 255, 128"
    })
    void factors(PipelineFamily family, int channels, int channel, int red, int green, int blue) {
        var shape = new LatentShape(channels, 1, 1);
        var latents = new float[channels];
        latents[channel] = 1;

        var image = LatentColours.of(family, channels).orElseThrow().render(latents, 0, shape);

        assertThat(image.getRGB(0, 0)).isEqualTo(0xFF000000 | red << 16 | green << 8 | blue);
    }

    @Test
    @DisplayName("Pixels have the places of their latents, of the image that is asked for")
    void places() {
        var shape = new LatentShape(3, 2, 3);
        var latents = new float[2 * shape.size()];
        Arrays.fill(latents, -1);
        // Red of the second image in row 1, column 2.
        latents[shape.size() + 5] = 7;

        var image = pocket().render(latents, 1, shape);

        assertThat(image.getWidth()).isEqualTo(3);
        assertThat(image.getHeight()).isEqualTo(2);
        for (int y = 0; y < 2; y++) {
            for (int x = 0; x < 3; x++) {
                assertThat(image.getRGB(x, y)).isEqualTo(x == 2 && y == 1 ? 0xFFFF0000 : 0xFF000000);
            }
        }
    }

    @DisplayName("Latents of more than 256 on a side are averaged in squares")
    @ParameterizedTest
    @CsvSource({"256, 256, 256, 256", "257, 100, 129, 50", "512, 511, 256, 256", "513, 1, 171, 1"})
    void sizes(int width, int height, int imageWidth, int imageHeight) {
        var shape = new LatentShape(3, height, width);
        var latents = new float[shape.size()];
        for (int i = 0; i < latents.length; i++) {
            latents[i] = 0.5f;
        }

        var image = pocket().render(latents, 0, shape);

        assertThat(image.getWidth()).isEqualTo(imageWidth);
        assertThat(image.getHeight()).isEqualTo(imageHeight);
        assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < imageHeight; y++) {
            for (int x = 0; x < imageWidth; x++) {
                assertThat(image.getRGB(x, y)).isEqualTo(0xFFBFBFBF);
            }
        }
    }

    @Test
    void meanIsThatOfTheWholeSquare() {
        var shape = new LatentShape(3, 2, 512);
        var latents = new float[shape.size()];
        // One of the four latents of the first pixel, in red.
        latents[513] = 4;

        assertThat(pocket().render(latents, 0, shape).getRGB(0, 0)).isEqualTo(0xFFFF8080);
    }

    private static LatentColours pocket() {
        return LatentColours.of(PipelineFamily.POCKET, 3).orElseThrow();
    }
}
