/** What every process of the system does at its start. */
@NullMarked
package io.atelier.messaging.process;

import org.jspecify.annotations.NullMarked;
