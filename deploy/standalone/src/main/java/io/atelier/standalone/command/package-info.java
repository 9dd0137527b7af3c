/** The top-level {@code atelier} command: its subcommands and error handling. */
@NullMarked
package io.atelier.standalone.command;

import org.jspecify.annotations.NullMarked;
