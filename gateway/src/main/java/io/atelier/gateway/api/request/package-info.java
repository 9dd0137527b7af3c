/** Reads and validates request bodies and the header Prefer. */
@NullMarked
package io.atelier.gateway.api.request;

import org.jspecify.annotations.NullMarked;
