/** Has an engine work so that it can be stopped, and tells how its device became free. */
@NullMarked
package io.atelier.messaging.engine;

import org.jspecify.annotations.NullMarked;
