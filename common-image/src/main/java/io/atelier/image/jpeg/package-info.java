/** Writes JPEG files. */
@NullMarked
package io.atelier.image.jpeg;

import org.jspecify.annotations.NullMarked;
