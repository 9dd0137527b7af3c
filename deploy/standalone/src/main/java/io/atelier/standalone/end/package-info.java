/** Ends jobs early, and erases them. */
@NullMarked
package io.atelier.standalone.end;

import org.jspecify.annotations.NullMarked;
