/** Daemon threads, which do not keep a stopping process alive. */
@NullMarked
package io.atelier.worker.thread;

import org.jspecify.annotations.NullMarked;
