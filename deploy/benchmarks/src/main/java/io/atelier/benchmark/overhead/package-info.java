/** What the system itself costs a job whose picture costs nothing. */
@NullMarked
package io.atelier.benchmark.overhead;

import org.jspecify.annotations.NullMarked;
