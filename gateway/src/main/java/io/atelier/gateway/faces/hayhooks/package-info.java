/** The routes of a hayhooks server, so that clients of its pipelines, such as its example for image generation, work unchanged. */
@NullMarked
package io.atelier.gateway.faces.hayhooks;

import org.jspecify.annotations.NullMarked;
