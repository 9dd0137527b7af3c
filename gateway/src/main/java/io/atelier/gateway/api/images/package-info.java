/** Serves the bytes of images: whole or in part, streamed from the store or by a link to it. */
@NullMarked
package io.atelier.gateway.api.images;

import org.jspecify.annotations.NullMarked;
