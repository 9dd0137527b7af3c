/** Tokenizer and text encoder: from a prompt to the token embeddings that condition the denoiser. */
@NullMarked
package io.atelier.generator.engine.pocket.text;

import org.jspecify.annotations.NullMarked;
