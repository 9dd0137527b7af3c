/** Batches: the generations of several prompts, created by one request. */
@NullMarked
package io.atelier.gateway.api.batches;

import org.jspecify.annotations.NullMarked;
