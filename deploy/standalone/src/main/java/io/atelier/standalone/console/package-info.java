/** Output of the command: lines, tables, JSON and exit codes. */
@NullMarked
package io.atelier.standalone.console;

import org.jspecify.annotations.NullMarked;
