package io.atelier.generator.prompt;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;

/** Port: makes a better prompt of a client's. Thread-safe. */
public interface PromptEnhancer {

    /** Who it is, as jobs tell it, such as the name of a language model; never {@code none}. */
    String name();

    /**
     * A prompt that says the same at more length. Blocks, for as long as the settings allow, and stops early when the run is canceled.
     *
     * @throws GenerationFailed if there is none
     * @throws io.atelier.generator.engine.GenerationCanceled if the run was told to stop
     */
    String enhance(String prompt, GenerationRun run);
}
