/** What only the model {@code pocket} has: its files on the class path, its text encoder, and what it says about prompts. */
@NullMarked
package io.atelier.generator.engine.diffusion.pipeline.pocket;

import org.jspecify.annotations.NullMarked;
