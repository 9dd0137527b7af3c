package io.atelier.generator.engine.diffusion;

/**
 * The memory of a model and of a run with it.
 *
 * @param model in bytes, as long as the model is loaded
 * @param run in bytes, as long as the run lasts
 */
record MemoryNeed(long model, long run) {

    long total() {
        return model + run;
    }
}
