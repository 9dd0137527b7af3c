/** Which jobs are let in: those that somebody can do, or could. */
@NullMarked
package io.atelier.gateway.admission;

import org.jspecify.annotations.NullMarked;
