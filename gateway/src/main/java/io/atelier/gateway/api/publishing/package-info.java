/** Publishes to Kafka without blocking an event loop. */
@NullMarked
package io.atelier.gateway.api.publishing;

import org.jspecify.annotations.NullMarked;
