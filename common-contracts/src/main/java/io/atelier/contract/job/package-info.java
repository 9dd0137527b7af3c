/** A job: its request, the events that change its state, the public state and the public events. */
@NullMarked
package io.atelier.contract.job;

import org.jspecify.annotations.NullMarked;
