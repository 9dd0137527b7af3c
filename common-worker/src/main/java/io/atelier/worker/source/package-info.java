/** Fetches images at addresses that clients named and nothing else vouches for. */
@NullMarked
package io.atelier.worker.source;

import org.jspecify.annotations.NullMarked;
