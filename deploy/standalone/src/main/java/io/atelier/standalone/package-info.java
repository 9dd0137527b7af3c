/** The {@code atelier} command, and the whole system in one JVM. */
@NullMarked
package io.atelier.standalone;

import org.jspecify.annotations.NullMarked;
