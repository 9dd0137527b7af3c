/** Model folders in the layout of diffusers, exported to ONNX: which pipeline, which components, which files. */
@NullMarked
package io.atelier.generator.engine.diffusion.pipeline.model;

import org.jspecify.annotations.NullMarked;
