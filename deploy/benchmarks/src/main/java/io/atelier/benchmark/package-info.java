/** The command that measures. */
@NullMarked
package io.atelier.benchmark;

import org.jspecify.annotations.NullMarked;
