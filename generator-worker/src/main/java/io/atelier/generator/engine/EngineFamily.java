package io.atelier.generator.engine;

import java.util.List;

/** Engines of one kind, of which a worker has as many as its settings name. */
public interface EngineFamily {

    /** The same ones each time; at least one, which may lack its settings. */
    List<GenerationEngine> engines();
}
