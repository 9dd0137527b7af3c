/** Measures the histories of jobs, with JMH. In the package of the lifecycle, because a history is visible there only. */
@NullMarked
package io.atelier.gateway.lifecycle;

import org.jspecify.annotations.NullMarked;
