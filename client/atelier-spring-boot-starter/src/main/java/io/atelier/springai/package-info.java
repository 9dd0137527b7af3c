/** Atelier as an {@code ImageModel} of Spring AI. */
@NullMarked
package io.atelier.springai;

import org.jspecify.annotations.NullMarked;
