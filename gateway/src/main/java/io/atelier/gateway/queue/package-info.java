/** How long the lines are in which jobs wait, and when their turn comes. */
@NullMarked
package io.atelier.gateway.queue;

import org.jspecify.annotations.NullMarked;
