package io.atelier.generator.engine.diffusion.pipeline;

import io.atelier.generator.engine.EditMask;
import java.awt.image.BufferedImage;
import org.jspecify.annotations.Nullable;

/**
 * The image that a run starts from: image-to-image, and with a mask inpainting.
 *
 * @param image with the size of the request
 * @param strength how much changes, more than 0 to 1: that share of the steps is done
 * @param mask what changes, with the size of the image; null for all
 */
public record InitialImage(
        BufferedImage image, double strength, @Nullable EditMask mask) {}
