/**
 * HTTP clients of providers, which are vendors or the operator's own servers: limited connections and response sizes, retries, circuit
 * breakers, uniform failures, and checks of everything that is received.
 */
@NullMarked
package io.atelier.generator.provider;

import org.jspecify.annotations.NullMarked;
