/** Keeps control characters of foreign texts out of log lines and terminals. */
@NullMarked
package io.atelier.messaging.logging;

import org.jspecify.annotations.NullMarked;
