/** Reads and validates what a client sends: request bodies and the header Prefer. */
@NullMarked
package io.atelier.gateway.api.request;

import org.jspecify.annotations.NullMarked;
