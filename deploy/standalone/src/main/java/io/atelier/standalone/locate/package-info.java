/** Finds the gateway for a command, and starts a system if none runs. */
@NullMarked
package io.atelier.standalone.locate;

import org.jspecify.annotations.NullMarked;
