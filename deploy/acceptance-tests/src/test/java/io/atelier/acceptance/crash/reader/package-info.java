/** Independent readers of topics, HTTP and the store, and the invariants of jobs. Uses no code of the project. */
@NullMarked
package io.atelier.acceptance.crash.reader;

import org.jspecify.annotations.NullMarked;
