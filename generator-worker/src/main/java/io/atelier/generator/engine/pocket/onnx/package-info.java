/** Model files with checksums, and evaluations with ONNX Runtime that can be canceled. */
@NullMarked
package io.atelier.generator.engine.pocket.onnx;

import org.jspecify.annotations.NullMarked;
