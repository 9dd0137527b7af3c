/** How a job comes in: checked, published once, and answered only when it cannot be lost any more. */
@NullMarked
package io.atelier.gateway.submission;

import org.jspecify.annotations.NullMarked;
