/** Takes the pictures of erased jobs out of the store, however long it takes. */
@NullMarked
package io.atelier.gateway.erasure;

import org.jspecify.annotations.NullMarked;
