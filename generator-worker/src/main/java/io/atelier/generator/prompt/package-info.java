/** Rewrites prompts before the engine runs, if the client requests it: with a language model or a Flowise flow. */
@NullMarked
package io.atelier.generator.prompt;

import org.jspecify.annotations.NullMarked;
