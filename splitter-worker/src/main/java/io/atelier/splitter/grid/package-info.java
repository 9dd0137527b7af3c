/** Cuts a picture that holds a grid of pictures into its tiles. Pixels only: no store, no topics, no Spring. */
@NullMarked
package io.atelier.splitter.grid;

import org.jspecify.annotations.NullMarked;
