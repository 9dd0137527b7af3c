/** The commands that run and stop a system. */
@NullMarked
package io.atelier.standalone.up;

import org.jspecify.annotations.NullMarked;
