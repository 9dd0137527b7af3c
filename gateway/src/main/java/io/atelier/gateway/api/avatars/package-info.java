/** Avatars: images of one person, made in several steps, each of which can be asked for alone. */
@NullMarked
package io.atelier.gateway.api.avatars;

import org.jspecify.annotations.NullMarked;
