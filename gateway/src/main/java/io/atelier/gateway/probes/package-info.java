/** What an orchestrator asks: whether the process lives, and whether it can take requests. */
@NullMarked
package io.atelier.gateway.probes;

import org.jspecify.annotations.NullMarked;
