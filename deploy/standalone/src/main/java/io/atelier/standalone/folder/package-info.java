/** The data folder: who runs from it, its keys, its logs. */
@NullMarked
package io.atelier.standalone.folder;

import org.jspecify.annotations.NullMarked;
