/** When the sweeps of the object store run. */
@NullMarked
package io.atelier.gateway.upkeep.sweep;

import org.jspecify.annotations.NullMarked;
