/** Who works here: a worker's name, and how it says that it is there. */
@NullMarked
package io.atelier.worker.presence;

import org.jspecify.annotations.NullMarked;
