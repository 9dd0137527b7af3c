/** The networks that predict noise or velocity from latents: U-Nets and transformers, with classifier-free guidance. */
@NullMarked
package io.atelier.generator.engine.diffusion.pipeline.denoiser;

import org.jspecify.annotations.NullMarked;
