/** Loads the source images of edits. */
@NullMarked
package io.atelier.generator.source;

import org.jspecify.annotations.NullMarked;
