/** The whole system in one JVM, and the atelier command. */
@NullMarked
package io.atelier.standalone;

import org.jspecify.annotations.NullMarked;
