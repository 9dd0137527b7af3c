/** Reads and writes PNG (ISO/IEC 15948): all colour types and bit depths, with their samples unchanged, and text chunks. */
@NullMarked
package io.atelier.image.png;

import org.jspecify.annotations.NullMarked;
