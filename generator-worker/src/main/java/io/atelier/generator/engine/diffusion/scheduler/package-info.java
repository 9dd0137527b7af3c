/**
 * The numerical methods that lead from noise to an image, with the same numbers as the classes of diffusers. {@code SchedulerConfig} reads
 * the file of a model and creates a {@code Scheduler} for each run.
 */
@NullMarked
package io.atelier.generator.engine.diffusion.scheduler;

import org.jspecify.annotations.NullMarked;
