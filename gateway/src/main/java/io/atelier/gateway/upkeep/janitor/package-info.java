/** Deletes orphans from the store: objects that no job needs. */
@NullMarked
package io.atelier.gateway.upkeep.janitor;

import org.jspecify.annotations.NullMarked;
