/** Latents: their shape, their noise, and how far they are masked. */
@NullMarked
package io.atelier.generator.engine.diffusion.pipeline.latents;

import org.jspecify.annotations.NullMarked;
