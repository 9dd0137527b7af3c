/** HTTP client of the gateway API. */
@NullMarked
package io.atelier.standalone.client;

import org.jspecify.annotations.NullMarked;
