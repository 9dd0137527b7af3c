/** The atelier command as a whole: its words, and what becomes of their failures. */
@NullMarked
package io.atelier.standalone.command;

import org.jspecify.annotations.NullMarked;
