/** The engine that generates at Hugging Face's inference router, or at a server with the same API. */
@NullMarked
package io.atelier.generator.engine.huggingface;

import org.jspecify.annotations.NullMarked;
