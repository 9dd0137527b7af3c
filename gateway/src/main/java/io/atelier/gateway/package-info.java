/** The HTTP door, and the only one who knows where jobs stand. */
@NullMarked
package io.atelier.gateway;

import org.jspecify.annotations.NullMarked;
