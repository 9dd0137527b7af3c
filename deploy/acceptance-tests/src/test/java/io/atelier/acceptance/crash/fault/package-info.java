/** Faults that can be injected into a running system from outside: a slow or failing store, a full disk, a shifted clock. */
@NullMarked
package io.atelier.acceptance.crash.fault;

import org.jspecify.annotations.NullMarked;
