/** Deletes uploaded files whose time to live has passed. */
@NullMarked
package io.atelier.gateway.upkeep.files;

import org.jspecify.annotations.NullMarked;
