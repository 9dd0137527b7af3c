/** Cuts an image that contains a grid of images into tiles. Works on pixels only: no store, no topics, no Spring. */
@NullMarked
package io.atelier.splitter.grid;

import org.jspecify.annotations.NullMarked;
