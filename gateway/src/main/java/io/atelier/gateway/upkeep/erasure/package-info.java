/** Deletes the objects of erased jobs, and retries without an end. */
@NullMarked
package io.atelier.gateway.upkeep.erasure;

import org.jspecify.annotations.NullMarked;
