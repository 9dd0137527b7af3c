/** What a model was trained with, as its {@code scheduler_config.json} says: noise levels, timesteps and the meaning of its output. */
@NullMarked
package io.atelier.generator.engine.diffusion.scheduler.training;

import org.jspecify.annotations.NullMarked;
