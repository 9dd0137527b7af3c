/** The commands that cancel and erase jobs. */
@NullMarked
package io.atelier.standalone.cancel;

import org.jspecify.annotations.NullMarked;
