/** The command {@code draw}: from the prompt to the image files. */
@NullMarked
package io.atelier.standalone.draw;

import org.jspecify.annotations.NullMarked;
