/** Atelier in containers, for tests of programs that use it. */
@NullMarked
package io.atelier.testcontainers;

import org.jspecify.annotations.NullMarked;
