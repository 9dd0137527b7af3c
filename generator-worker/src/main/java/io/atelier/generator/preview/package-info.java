/** Previews of unfinished images: which jobs want them, and where they are kept while a task runs. */
@NullMarked
package io.atelier.generator.preview;

import org.jspecify.annotations.NullMarked;
