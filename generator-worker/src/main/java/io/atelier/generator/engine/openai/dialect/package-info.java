/** The differences between servers with OpenAI's images API: the fields that each one knows. */
@NullMarked
package io.atelier.generator.engine.openai.dialect;

import org.jspecify.annotations.NullMarked;
