/** Measures how soon a killed system is ready again. */
@NullMarked
package io.atelier.benchmark.restart;

import org.jspecify.annotations.NullMarked;
