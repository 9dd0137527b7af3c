package io.atelier.generator.engine.diffusion;

import io.atelier.generator.engine.diffusion.pipeline.DiffusionPipeline;
import io.atelier.generator.engine.onnx.InferenceDevice;
import io.atelier.generator.engine.onnx.SessionFactory;

/**
 * A device that runs models.
 *
 * @param device the device
 * @param sessions load networks to it
 * @param cache the models in its memory
 */
record ModelDevice(InferenceDevice device, SessionFactory sessions, PipelineCache<DiffusionPipeline> cache) {}
