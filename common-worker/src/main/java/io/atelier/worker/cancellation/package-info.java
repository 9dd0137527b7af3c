/** Stops running work, because the process stops or because the job was canceled. */
@NullMarked
package io.atelier.worker.cancellation;

import org.jspecify.annotations.NullMarked;
