/** A job from its request to its outcome: the facts that move it, the state the world sees, the events the world hears. */
@NullMarked
package io.atelier.contract.job;

import org.jspecify.annotations.NullMarked;
