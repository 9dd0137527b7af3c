/** Faces: what clients of other image services send, translated into this gateway's own requests. They have no state of their own. */
@NullMarked
package io.atelier.gateway.faces;

import org.jspecify.annotations.NullMarked;
