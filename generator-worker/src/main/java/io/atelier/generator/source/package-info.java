/** Gets the pictures that a request wants changed. */
@NullMarked
package io.atelier.generator.source;

import org.jspecify.annotations.NullMarked;
