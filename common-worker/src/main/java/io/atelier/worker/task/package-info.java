/** The work that all kinds of workers share for a task: report its start and end, cancel it, give up an engine that does not stop. */
@NullMarked
package io.atelier.worker.task;

import org.jspecify.annotations.NullMarked;
