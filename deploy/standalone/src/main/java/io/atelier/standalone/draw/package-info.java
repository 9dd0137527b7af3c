/** The word draw: from the prompt to the file. */
@NullMarked
package io.atelier.standalone.draw;

import org.jspecify.annotations.NullMarked;
