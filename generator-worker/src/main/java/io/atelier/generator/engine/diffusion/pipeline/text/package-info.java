/** Text encoders: which hidden states of CLIP and T5 each family of pipelines conditions its denoiser on. */
@NullMarked
package io.atelier.generator.engine.diffusion.pipeline.text;

import org.jspecify.annotations.NullMarked;
