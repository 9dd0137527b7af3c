/** The state directory of the two Kafka Streams applications of the gateway. */
@NullMarked
package io.atelier.gateway.streams;

import org.jspecify.annotations.NullMarked;
