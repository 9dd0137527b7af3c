package io.atelier.generator.engine.diffusion;

/**
 * Loads a model for a run.
 *
 * @param <P> a loaded model
 */
@FunctionalInterface
interface ModelLoader<P> {

    /** Loads the model. Blocks; called on a thread of its own. */
    P load();

    /** Called on the thread of the run, several times a second while the model is being loaded. */
    default void onWait() {}
}
