/** Deletes the published copies of images, which lie in a bucket of their own. */
@NullMarked
package io.atelier.gateway.upkeep.publication;

import org.jspecify.annotations.NullMarked;
