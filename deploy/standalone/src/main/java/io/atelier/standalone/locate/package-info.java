/** Finds the gateway that a command is to speak with, and starts a system where none runs. */
@NullMarked
package io.atelier.standalone.locate;

import org.jspecify.annotations.NullMarked;
