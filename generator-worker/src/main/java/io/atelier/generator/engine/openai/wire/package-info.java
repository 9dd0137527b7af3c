/** What goes to servers that speak as OpenAI's images API does, and what comes back. */
@NullMarked
package io.atelier.generator.engine.openai.wire;

import org.jspecify.annotations.NullMarked;
