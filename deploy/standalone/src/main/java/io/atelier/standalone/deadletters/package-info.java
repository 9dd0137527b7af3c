/** The commands that list dead letters and retry their jobs. */
@NullMarked
package io.atelier.standalone.deadletters;

import org.jspecify.annotations.NullMarked;
