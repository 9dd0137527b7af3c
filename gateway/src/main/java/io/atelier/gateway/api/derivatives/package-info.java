/** Smaller copies of images, and copies in another format, made when they are first asked for. The only part of the gateway that decodes images. */
@NullMarked
package io.atelier.gateway.api.derivatives;

import org.jspecify.annotations.NullMarked;
