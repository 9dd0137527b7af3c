/** Acceptance tests of systems in separate processes: complete jobs, kills, restarts and load. */
@NullMarked
package io.atelier.acceptance;

import org.jspecify.annotations.NullMarked;
