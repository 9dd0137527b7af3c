/** Ends jobs early, and erases them. */
@NullMarked
package io.atelier.standalone.cancel;

import org.jspecify.annotations.NullMarked;
