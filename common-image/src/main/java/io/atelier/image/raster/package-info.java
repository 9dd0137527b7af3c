/** Images as planes of floats, and their resampling. */
@NullMarked
package io.atelier.image.raster;

import org.jspecify.annotations.NullMarked;
