/** What all workers do alike with a task: report it, break it off when nobody wants it any more, end an engine that does not stop. */
@NullMarked
package io.atelier.messaging.worker;

import org.jspecify.annotations.NullMarked;
