/** From a square of floats to a picture of the size that was asked for. */
@NullMarked
package io.atelier.generator.engine.pocket.raster;

import org.jspecify.annotations.NullMarked;
