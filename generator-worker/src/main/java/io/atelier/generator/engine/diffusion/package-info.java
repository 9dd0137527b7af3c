/**
 * Engines that run diffusion models inside the worker: the models folder, the models in memory, and the engine of one model. Above the
 * pipelines, tokenizers and schedulers of the packages below.
 */
@NullMarked
package io.atelier.generator.engine.diffusion;

import org.jspecify.annotations.NullMarked;
