/** PNG files: pixels in, bytes out, with text that says how the picture was made. */
@NullMarked
package io.atelier.generator.png;

import org.jspecify.annotations.NullMarked;
