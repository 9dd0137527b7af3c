/** The images API of OpenAI, so that its client libraries work unchanged. */
@NullMarked
package io.atelier.gateway.faces.openai;

import org.jspecify.annotations.NullMarked;
