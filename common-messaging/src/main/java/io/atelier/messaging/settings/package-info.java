/** How settings are read from the environment, and how a wrong one is refused. */
@NullMarked
package io.atelier.messaging.settings;

import org.jspecify.annotations.NullMarked;
