/** Draws with what speaks as OpenAI's images API does: the vendor itself, and the servers that took over its manners. */
@NullMarked
package io.atelier.generator.engine.openai;

import org.jspecify.annotations.NullMarked;
