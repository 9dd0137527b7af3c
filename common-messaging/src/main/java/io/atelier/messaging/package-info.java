/** The Kafka seam: which topics there are, how a fact becomes a record, and how it is published. */
@NullMarked
package io.atelier.messaging;

import org.jspecify.annotations.NullMarked;
