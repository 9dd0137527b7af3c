/** How jobs are ended early and erased: the gateway says what is wanted, the lifecycle decides what comes of it. */
@NullMarked
package io.atelier.gateway.cancellations;

import org.jspecify.annotations.NullMarked;
