package io.atelier.generator.engine;

import io.atelier.contract.work.LocalModel;
import java.util.List;

/** Engines that come and go while the worker runs, because their models do. Thread-safe. */
public interface EngineSource {

    /** No engines. */
    EngineSource NONE = new EngineSource() {
        @Override
        public List<GenerationEngine> engines() {
            return List.of();
        }

        @Override
        public List<LocalModel> models() {
            return List.of();
        }
    };

    /** The present engines, in the order of their names. Cheap: it is asked several times a second. */
    List<GenerationEngine> engines();

    /** Frees the memory of the model of an engine as soon as no run uses it; does nothing if the engine is not here. Never waits. */
    default void unload(String engine) {}

    /** The models that requests can name, in the order of their names. Cheap: it is asked several times a second. */
    List<LocalModel> models();
}
