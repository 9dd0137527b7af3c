/** Engines that generate on servers with OpenAI's images API. */
@NullMarked
package io.atelier.generator.engine.openai;

import org.jspecify.annotations.NullMarked;
