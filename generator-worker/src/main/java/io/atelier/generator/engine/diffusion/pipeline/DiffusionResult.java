package io.atelier.generator.engine.diffusion.pipeline;

import java.awt.image.BufferedImage;
import java.util.List;

/**
 * What a run made.
 *
 * @param images in the order of the request
 * @param warnings sentences about what was not as requested, such as the end of a prompt that the model did not read
 */
public record DiffusionResult(List<BufferedImage> images, List<String> warnings) {

    public DiffusionResult {
        images = List.copyOf(images);
        warnings = List.copyOf(warnings);
    }
}
