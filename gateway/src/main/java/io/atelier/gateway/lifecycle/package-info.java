/**
 * The lifecycle: a Kafka Streams application that turns requests, reports, cancellations and deadlines into states, events and further tasks.
 * The only writer of the topics {@code jobs} and {@code events}.
 */
@NullMarked
package io.atelier.gateway.lifecycle;

import org.jspecify.annotations.NullMarked;
