/** Starts and stops the parts of the system in this JVM. */
@NullMarked
package io.atelier.standalone.system;

import org.jspecify.annotations.NullMarked;
