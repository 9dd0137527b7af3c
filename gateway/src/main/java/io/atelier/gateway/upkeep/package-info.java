/** Deletes images that no job needs. */
@NullMarked
package io.atelier.gateway.upkeep;

import org.jspecify.annotations.NullMarked;
