/** The HTTP API, by feature. May use the view, the ports and the lifecycle's first state of a job; nothing uses it. */
@NullMarked
package io.atelier.gateway.api;

import org.jspecify.annotations.NullMarked;
