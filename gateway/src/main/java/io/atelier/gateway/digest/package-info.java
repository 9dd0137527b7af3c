/** What follows from a text and from nothing else. */
@NullMarked
package io.atelier.gateway.digest;

import org.jspecify.annotations.NullMarked;
