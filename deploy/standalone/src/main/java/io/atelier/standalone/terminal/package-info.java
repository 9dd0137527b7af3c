/** Shows images in terminals that can, and opens them with the viewer of the desktop. */
@NullMarked
package io.atelier.standalone.terminal;

import org.jspecify.annotations.NullMarked;
