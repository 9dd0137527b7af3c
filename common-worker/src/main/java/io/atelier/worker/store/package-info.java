/** Waiting for a store that cannot be used now, where what shall be kept took long to make. */
@NullMarked
package io.atelier.worker.store;

import org.jspecify.annotations.NullMarked;
