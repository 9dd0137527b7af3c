/** The engine that draws at Hugging Face's inference router, or at a server that speaks like it. */
@NullMarked
package io.atelier.generator.engine.huggingface;

import org.jspecify.annotations.NullMarked;
