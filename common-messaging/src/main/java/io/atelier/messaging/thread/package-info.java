/** Threads that do not keep a process alive. */
@NullMarked
package io.atelier.messaging.thread;

import org.jspecify.annotations.NullMarked;
