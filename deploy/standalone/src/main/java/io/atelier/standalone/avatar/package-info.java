/** The command {@code avatar}: from the description of a person to image files. */
@NullMarked
package io.atelier.standalone.avatar;

import org.jspecify.annotations.NullMarked;
