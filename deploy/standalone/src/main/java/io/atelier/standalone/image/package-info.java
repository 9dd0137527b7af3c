/** Writes images to files. */
@NullMarked
package io.atelier.standalone.image;

import org.jspecify.annotations.NullMarked;
