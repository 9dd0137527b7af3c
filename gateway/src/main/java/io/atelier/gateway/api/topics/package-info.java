/** Reads topics for single requests. */
@NullMarked
package io.atelier.gateway.api.topics;

import org.jspecify.annotations.NullMarked;
