/** Runs a system in this process, and stops those that run. */
@NullMarked
package io.atelier.standalone.up;

import org.jspecify.annotations.NullMarked;
