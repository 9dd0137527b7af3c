/** The name of a worker and its heartbeat. */
@NullMarked
package io.atelier.worker.presence;

import org.jspecify.annotations.NullMarked;
