/** What can be done to a running system from outside: a store that is slow or fails, a full disk, a clock that jumps. */
@NullMarked
package io.atelier.acceptance.crash.fault;

import org.jspecify.annotations.NullMarked;
