/** Writes requests and reads responses of OpenAI's images API. */
@NullMarked
package io.atelier.generator.engine.openai.wire;

import org.jspecify.annotations.NullMarked;
