/** Server-sent events: the event stream of one job, and the firehose of all events. */
@NullMarked
package io.atelier.gateway.api.events;

import org.jspecify.annotations.NullMarked;
