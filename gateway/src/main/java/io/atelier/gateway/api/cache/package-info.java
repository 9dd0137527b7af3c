/** Responses that are kept, so that a client that asks for the same again costs nearly nothing. */
@NullMarked
package io.atelier.gateway.api.cache;

import org.jspecify.annotations.NullMarked;
