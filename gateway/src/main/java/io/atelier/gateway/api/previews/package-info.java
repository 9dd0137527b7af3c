/** Previews of unfinished images, for clients that watch a job: requested from the workers, and read from the store. */
@NullMarked
package io.atelier.gateway.api.previews;

import org.jspecify.annotations.NullMarked;
