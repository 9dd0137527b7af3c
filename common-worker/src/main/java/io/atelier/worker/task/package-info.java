/** What all workers do alike with a task: report it, leave it when nobody wants it any more, give up an engine that does not stop. */
@NullMarked
package io.atelier.worker.task;

import org.jspecify.annotations.NullMarked;
