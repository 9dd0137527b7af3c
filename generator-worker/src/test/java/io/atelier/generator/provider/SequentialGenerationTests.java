package io.atelier.generator.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.Requested;
import io.atelier.image.png.PngImage;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class SequentialGenerationTests {

    private final PngImage generated = PngImage.of(new BufferedImage(320, 200, BufferedImage.TYPE_INT_RGB));

    @Test
    void anImageOfTheRequestedSizeHasNoWarning() {
        var request = Requested.of("a castle").sized(320, 200).request();

        assertThat(SequentialGeneration.sizeWarning(request, generated)).isEmpty();
    }

    @Test
    void anImageOfAnotherSizeHasAWarning() {
        var request = Requested.of("a castle").sized(512, 512).request();

        assertThat(SequentialGeneration.sizeWarning(request, generated))
                .containsEntry(
                        GeneratedImage.WARNING,
                        "The engine decides the size: it generated 320 x 200 pixels instead of 512 x 512.");
    }

    @Test
    void withoutARequestedSizeThereIsNoWarning() {
        var request = Requested.of("a castle").sized(512, 512).request().withSizeLeftOpen();

        assertThat(SequentialGeneration.sizeWarning(request, generated)).isEmpty();
    }
}
