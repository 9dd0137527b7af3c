/** Has an engine work so that it can be stopped, and tells how its device became free. */
@NullMarked
package io.atelier.worker.engine;

import org.jspecify.annotations.NullMarked;
