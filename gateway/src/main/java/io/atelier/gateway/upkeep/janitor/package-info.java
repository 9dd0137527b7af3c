/** Sweeps the store for orphans: objects that no job refers to. */
@NullMarked
package io.atelier.gateway.upkeep.janitor;

import org.jspecify.annotations.NullMarked;
