/** The workers, as their heartbeats report them. */
@NullMarked
package io.atelier.gateway.view.workers;

import org.jspecify.annotations.NullMarked;
