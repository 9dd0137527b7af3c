/** Requests whose address is none. */
@NullMarked
package io.atelier.gateway.address;

import org.jspecify.annotations.NullMarked;
