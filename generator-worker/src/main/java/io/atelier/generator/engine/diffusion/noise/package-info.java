/** Random numbers equal to those of PyTorch's CPU generator, so that a seed gives the image that users of diffusers know. */
@NullMarked
package io.atelier.generator.engine.diffusion.noise;

import org.jspecify.annotations.NullMarked;
