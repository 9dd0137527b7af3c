/** The orders that workers take beside the request itself, and what they say on the way. */
@NullMarked
package io.atelier.contract.work;

import org.jspecify.annotations.NullMarked;
