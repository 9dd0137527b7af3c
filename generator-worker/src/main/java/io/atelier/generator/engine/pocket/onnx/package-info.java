/** The files of the model {@code pocket} on the class path, with their checksums. */
@NullMarked
package io.atelier.generator.engine.pocket.onnx;

import org.jspecify.annotations.NullMarked;
