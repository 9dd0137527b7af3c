/** Stores and finds the images of tasks, and waits for an object store that is down, because images cost more than a wait. */
@NullMarked
package io.atelier.worker.store;

import org.jspecify.annotations.NullMarked;
