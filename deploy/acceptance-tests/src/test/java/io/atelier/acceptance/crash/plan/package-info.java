/** The plan of faults, derived from a seed. */
@NullMarked
package io.atelier.acceptance.crash.plan;

import org.jspecify.annotations.NullMarked;
