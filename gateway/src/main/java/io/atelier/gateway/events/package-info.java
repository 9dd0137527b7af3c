/** What happens to one job, as server-sent events that can be resumed. */
@NullMarked
package io.atelier.gateway.events;

import org.jspecify.annotations.NullMarked;
