/** Text-to-image, image-to-image and inpainting with the diffusion models of a folder, number for number as diffusers. */
@NullMarked
package io.atelier.generator.engine.diffusion.pipeline;

import org.jspecify.annotations.NullMarked;
