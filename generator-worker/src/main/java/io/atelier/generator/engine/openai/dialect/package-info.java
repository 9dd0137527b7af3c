/** How servers that speak as OpenAI's images API does differ in what they want to be told. */
@NullMarked
package io.atelier.generator.engine.openai.dialect;

import org.jspecify.annotations.NullMarked;
