/** What the two Kafka Streams applications of the gateway share: the state directory. */
@NullMarked
package io.atelier.gateway.streams;

import org.jspecify.annotations.NullMarked;
