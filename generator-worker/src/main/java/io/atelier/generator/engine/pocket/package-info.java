/** The engine {@code pocket}: a small model of our own that draws 3-D stickers on the CPU, with nothing to configure. */
@NullMarked
package io.atelier.generator.engine.pocket;

import org.jspecify.annotations.NullMarked;
