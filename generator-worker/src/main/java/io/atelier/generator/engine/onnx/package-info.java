/** Neural networks in ONNX Runtime: sessions, tensors of any number type, and evaluations that can be canceled. */
@NullMarked
package io.atelier.generator.engine.onnx;

import org.jspecify.annotations.NullMarked;
