package io.atelier.generator.prompt;

import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;

/** Port: rewrites a client's prompt. Thread-safe. */
public interface PromptEnhancer {

    /** The name that jobs show, such as that of a language model; never {@code none}. */
    String name();

    /**
     * Returns a more detailed prompt with the same meaning. Blocks up to the timeout of the settings, and ends early if the run is canceled.
     *
     * @throws GenerationFailed if there is no rewritten prompt
     * @throws io.atelier.generator.engine.GenerationCanceled if the run was canceled
     */
    String enhance(String prompt, GenerationRun run);
}
