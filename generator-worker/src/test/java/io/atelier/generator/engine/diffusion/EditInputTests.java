package io.atelier.generator.engine.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.image.ImageSize;
import io.atelier.generator.engine.diffusion.pipeline.model.DiffusersFolder;
import io.atelier.generator.engine.diffusion.pipeline.model.PipelineDescription;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class EditInputTests {

    private static final ImageSize USUAL = new ImageSize(64, 64);

    private final PipelineDescription model = PipelineDescription.of(DiffusersFolder.open(TinyModels.folder("sd15")));

    @Test
    void sizeThatIsLeftOpenHasTheShapeOfTheImageAndFitsIntoMemory() {
        var input = new EditInput(new BufferedImage(100, 70, BufferedImage.TYPE_INT_RGB), null, model);
        var request = TinyModels.request("sd15", "a cat", 1).sizeLeftOpen(true).build();

        var nearest = input.size(request, USUAL, Long.MAX_VALUE);
        var smaller = input.size(request, USUAL, nearest.pixels() - 1);

        int multiple = model.geometry().multiple();
        assertThat(nearest.width() % multiple + nearest.height() % multiple).isZero();
        assertThat(nearest.width()).isGreaterThan(nearest.height());
        assertThat(smaller.pixels()).isLessThan(nearest.pixels()).isLessThanOrEqualTo(USUAL.pixels());
    }

    @Test
    void sizeOfTheRequestIsKept() {
        var input = new EditInput(new BufferedImage(100, 60, BufferedImage.TYPE_INT_RGB), null, model);
        var request = TinyModels.request("sd15", "a cat", 1).build();

        assertThat(input.size(request, new ImageSize(16, 16), 256)).isEqualTo(request.size());
    }
}
