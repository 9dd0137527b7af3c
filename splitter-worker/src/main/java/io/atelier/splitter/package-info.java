/** Runs split tasks: cuts grids into trimmed tiles, stores the tiles and reports them. */
@NullMarked
package io.atelier.splitter;

import org.jspecify.annotations.NullMarked;
