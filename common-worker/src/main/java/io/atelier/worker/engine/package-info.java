/** Runs an engine on a thread of its own, so that it can be stopped, and reports how its device became free. */
@NullMarked
package io.atelier.worker.engine;

import org.jspecify.annotations.NullMarked;
