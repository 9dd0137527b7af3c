/** Decodes untrusted image files of any kind, within one budget of memory for the process. */
@NullMarked
package io.atelier.image.decode;

import org.jspecify.annotations.NullMarked;
