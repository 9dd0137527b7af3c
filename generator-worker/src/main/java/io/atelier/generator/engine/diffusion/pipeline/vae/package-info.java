/** The variational autoencoder: from latents to images and back. */
@NullMarked
package io.atelier.generator.engine.diffusion.pipeline.vae;

import org.jspecify.annotations.NullMarked;
