/** From the words of a prompt to what the denoiser is steered by. */
@NullMarked
package io.atelier.generator.engine.pocket.text;

import org.jspecify.annotations.NullMarked;
