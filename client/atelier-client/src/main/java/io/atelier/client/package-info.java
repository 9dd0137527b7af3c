/**
 * A client of Atelier's HTTP API. {@link io.atelier.client.AtelierClient} creates generations, waits for them, and gets their images.
 */
@NullMarked
package io.atelier.client;

import org.jspecify.annotations.NullMarked;
