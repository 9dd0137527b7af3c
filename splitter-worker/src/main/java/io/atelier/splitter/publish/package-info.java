/** Publishes the images of an avatar: copies them to their public keys. */
@NullMarked
package io.atelier.splitter.publish;

import org.jspecify.annotations.NullMarked;
