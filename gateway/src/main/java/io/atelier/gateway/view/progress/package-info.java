/** The latest progress of each running job. */
@NullMarked
package io.atelier.gateway.view.progress;

import org.jspecify.annotations.NullMarked;
