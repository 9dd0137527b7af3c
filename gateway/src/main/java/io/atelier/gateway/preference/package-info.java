/** How a client prefers to be answered (RFC 7240). */
@NullMarked
package io.atelier.gateway.preference;

import org.jspecify.annotations.NullMarked;
