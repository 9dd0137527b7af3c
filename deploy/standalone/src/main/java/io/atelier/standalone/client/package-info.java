/** Speaks HTTP with a gateway, wherever it runs. */
@NullMarked
package io.atelier.standalone.client;

import org.jspecify.annotations.NullMarked;
