/** How the HTTP door says things to the rest of the system without being held up by it. */
@NullMarked
package io.atelier.gateway.publishing;

import org.jspecify.annotations.NullMarked;
