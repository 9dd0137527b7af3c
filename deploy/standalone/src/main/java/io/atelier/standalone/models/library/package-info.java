/** The models folder: the names of its models, what is noted beside each, and how much memory one needs. */
@NullMarked
package io.atelier.standalone.models.library;

import org.jspecify.annotations.NullMarked;
