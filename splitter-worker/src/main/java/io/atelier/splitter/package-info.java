/** Takes split tasks, cuts grids into trimmed tiles, keeps them and reports. */
@NullMarked
package io.atelier.splitter;

import org.jspecify.annotations.NullMarked;
