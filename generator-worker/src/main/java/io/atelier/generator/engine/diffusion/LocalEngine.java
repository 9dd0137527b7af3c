package io.atelier.generator.engine.diffusion;

import io.atelier.contract.work.LocalModel;
import io.atelier.generator.engine.GenerationEngine;
import java.util.Optional;

/** The engine of one model of the models folder. */
interface LocalEngine extends GenerationEngine {

    /** The names of the engines of local models begin with this; the name of the model's folder follows. */
    String PREFIX = "local/";

    /** What clients can know about the model now; empty if it cannot be used. */
    Optional<LocalModel> announcement();

    /** Frees the memory of the model, now or when the active run ends; the next run loads it again. Never waits. */
    default void unload() {}
}
