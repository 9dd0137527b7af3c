/** How far running jobs are, as their workers last said. */
@NullMarked
package io.atelier.gateway.progress;

import org.jspecify.annotations.NullMarked;
