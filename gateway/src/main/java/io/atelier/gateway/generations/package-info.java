/** Jobs as the HTTP API shows them, under their public name: generations. */
@NullMarked
package io.atelier.gateway.generations;

import org.jspecify.annotations.NullMarked;
