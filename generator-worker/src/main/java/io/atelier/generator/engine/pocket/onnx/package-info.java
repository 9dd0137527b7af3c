/** Checked model files, and runs of ONNX Runtime that can be stopped. */
@NullMarked
package io.atelier.generator.engine.pocket.onnx;

import org.jspecify.annotations.NullMarked;
