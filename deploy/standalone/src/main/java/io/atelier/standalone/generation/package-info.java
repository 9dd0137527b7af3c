/** What the commands that generate images share: source images, submission, progress, download. */
@NullMarked
package io.atelier.standalone.generation;

import org.jspecify.annotations.NullMarked;
