/** The face of Intel's text2image service: one pipeline a session, whose state is the newest job with the session's label. */
@NullMarked
package io.atelier.gateway.faces.intel;

import org.jspecify.annotations.NullMarked;
