/** The engine {@code pocket}: the small model that is part of Atelier; it generates 3-D stickers on the CPU and needs no settings. */
@NullMarked
package io.atelier.generator.engine.pocket;

import org.jspecify.annotations.NullMarked;
