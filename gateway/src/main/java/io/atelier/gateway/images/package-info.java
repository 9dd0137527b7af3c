/** The bytes of pictures: whole or in part, streamed from the store or by a link to it. */
@NullMarked
package io.atelier.gateway.images;

import org.jspecify.annotations.NullMarked;
