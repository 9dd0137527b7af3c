/** Sample service of another team: consumes the public events and keeps a copy of every image. */
@NullMarked
package io.atelier.subscriber;

import org.jspecify.annotations.NullMarked;
