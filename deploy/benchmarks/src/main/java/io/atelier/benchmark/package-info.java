/** The benchmark command. */
@NullMarked
package io.atelier.benchmark;

import org.jspecify.annotations.NullMarked;
