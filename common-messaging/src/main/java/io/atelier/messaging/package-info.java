/** Kafka: the topics and their provisioning, the record format, and the publisher. */
@NullMarked
package io.atelier.messaging;

import org.jspecify.annotations.NullMarked;
