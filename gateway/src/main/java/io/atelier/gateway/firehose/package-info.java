/** All public events, as one stream of server-sent events that can be resumed. */
@NullMarked
package io.atelier.gateway.firehose;

import org.jspecify.annotations.NullMarked;
