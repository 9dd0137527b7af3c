/** The backlog of open jobs, and when each will be done. */
@NullMarked
package io.atelier.gateway.view.queue;

import org.jspecify.annotations.NullMarked;
