/** The files that clients uploaded. They are in the object store alone: which there are, and until when, follows from the keys of a folder. */
@NullMarked
package io.atelier.gateway.files;

import org.jspecify.annotations.NullMarked;
