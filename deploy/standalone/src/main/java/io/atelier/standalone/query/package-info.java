/** Asks a gateway: where jobs stand, which models and workers there are, how long one waits. */
@NullMarked
package io.atelier.standalone.query;

import org.jspecify.annotations.NullMarked;
