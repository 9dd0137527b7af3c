/** Who works here, as the workers last said of themselves. */
@NullMarked
package io.atelier.gateway.workers;

import org.jspecify.annotations.NullMarked;
