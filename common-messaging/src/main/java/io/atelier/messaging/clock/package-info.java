/** What a process does when somebody sets the clock of its machine back. */
@NullMarked
package io.atelier.messaging.clock;

import org.jspecify.annotations.NullMarked;
