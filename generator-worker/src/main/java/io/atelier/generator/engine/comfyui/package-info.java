/** Engines that generate on ComfyUI servers, by a workflow with placeholders for the parameters of a request. */
@NullMarked
package io.atelier.generator.engine.comfyui;

import org.jspecify.annotations.NullMarked;
