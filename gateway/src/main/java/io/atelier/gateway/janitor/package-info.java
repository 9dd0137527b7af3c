/** Finds pictures in the store that no job needs any more, and takes them away. */
@NullMarked
package io.atelier.gateway.janitor;

import org.jspecify.annotations.NullMarked;
