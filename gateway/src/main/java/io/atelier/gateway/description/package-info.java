/** The HTTP API's description of itself. */
@NullMarked
package io.atelier.gateway.description;

import org.jspecify.annotations.NullMarked;
