/** Puts pictures into files. */
@NullMarked
package io.atelier.standalone.image;

import org.jspecify.annotations.NullMarked;
