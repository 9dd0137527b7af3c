/** A sample: avatars from a persona to files, with a system of its own and a scripted provider. */
@NullMarked
package io.atelier.avatarsample;

import org.jspecify.annotations.NullMarked;
