/** Betters prompts before they are drawn, where the client wants it: with a language model or a flow of Flowise. */
@NullMarked
package io.atelier.generator.prompt;

import org.jspecify.annotations.NullMarked;
