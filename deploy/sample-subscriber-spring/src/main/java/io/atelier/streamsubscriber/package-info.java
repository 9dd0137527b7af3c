/** A sample service that consumes the events with Spring Cloud Stream. */
@NullMarked
package io.atelier.streamsubscriber;

import org.jspecify.annotations.NullMarked;
