/** Deletes the objects of erased jobs, and retries until it works. */
@NullMarked
package io.atelier.gateway.upkeep.erasure;

import org.jspecify.annotations.NullMarked;
