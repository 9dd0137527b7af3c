/** Finds the pictures of other jobs that a request wants changed. */
@NullMarked
package io.atelier.gateway.sources;

import org.jspecify.annotations.NullMarked;
