package io.atelier.generator.engine.diffusion;

import io.atelier.contract.work.LocalModel;
import io.atelier.generator.engine.GenerationEngine;
import java.util.Optional;

/** The engine of one model that the worker runs itself. */
interface LocalEngine extends GenerationEngine {

    /** What clients can know about the model now; empty if it cannot be used, or the catalogue describes it. */
    Optional<LocalModel> announcement();

    /** Whether the folder could not be read for a reason that may be gone soon, so that the engine is to be replaced by another one of the same folder. */
    default boolean isToBeOpenedAgain() {
        return false;
    }

    /** Frees the memory of the model, now or when the active run ends; the next run loads it again. Never waits. */
    default void unload() {}
}
