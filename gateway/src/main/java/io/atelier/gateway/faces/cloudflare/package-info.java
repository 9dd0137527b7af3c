/** The face of the Cloudflare workers of a chat bot: a prompt in, the bytes of an image out. */
@NullMarked
package io.atelier.gateway.faces.cloudflare;

import org.jspecify.annotations.NullMarked;
