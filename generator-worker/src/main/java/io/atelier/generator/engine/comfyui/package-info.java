/** Engines that draw on ComfyUI servers, by a workflow in which places are left for what is asked for. */
@NullMarked
package io.atelier.generator.engine.comfyui;

import org.jspecify.annotations.NullMarked;
