/** Shows what nobody will work on again, and why. */
@NullMarked
package io.atelier.gateway.deadletters;

import org.jspecify.annotations.NullMarked;
