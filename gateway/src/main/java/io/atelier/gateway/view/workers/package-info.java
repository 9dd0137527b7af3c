/** The workers and their status, from the heartbeats that they publish. */
@NullMarked
package io.atelier.gateway.view.workers;

import org.jspecify.annotations.NullMarked;
