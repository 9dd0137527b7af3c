/** Measures the overhead of the system for a job whose image takes no time. */
@NullMarked
package io.atelier.benchmark.overhead;

import org.jspecify.annotations.NullMarked;
