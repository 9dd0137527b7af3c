/** The data folder: running processes, locks, keys and logs. */
@NullMarked
package io.atelier.standalone.folder;

import org.jspecify.annotations.NullMarked;
