/** Decides what becomes of a job. The only writer of the topics jobs and events. */
@NullMarked
package io.atelier.gateway.lifecycle;

import org.jspecify.annotations.NullMarked;
