/** Writes PNG (ISO/IEC 15948) with text chunks. */
@NullMarked
package io.atelier.image.png;

import org.jspecify.annotations.NullMarked;
