/** Telling work to stop: because its process stops, or because nobody wants it any more. */
@NullMarked
package io.atelier.worker.cancellation;

import org.jspecify.annotations.NullMarked;
