/** Puts pictures into files. */
@NullMarked
package io.atelier.standalone.picture;

import org.jspecify.annotations.NullMarked;
