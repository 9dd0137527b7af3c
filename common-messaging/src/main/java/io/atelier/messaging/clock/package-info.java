/** Detection of a system clock that was set back. */
@NullMarked
package io.atelier.messaging.clock;

import org.jspecify.annotations.NullMarked;
