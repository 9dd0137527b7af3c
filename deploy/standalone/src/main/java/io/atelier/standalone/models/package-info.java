/** The commands that list, add, inspect and remove models. */
@NullMarked
package io.atelier.standalone.models;

import org.jspecify.annotations.NullMarked;
