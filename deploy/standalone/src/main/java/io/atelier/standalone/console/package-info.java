/** What people and scripts see of the command: lines, tables, one JSON object, an exit code. */
@NullMarked
package io.atelier.standalone.console;

import org.jspecify.annotations.NullMarked;
