package io.atelier.generator.persona;

import io.atelier.contract.job.Persona;
import io.atelier.generator.engine.GenerationFailed;
import io.atelier.generator.engine.GenerationRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Port: writes the prompt of a grid that shows a person four times. Thread-safe. */
public interface PersonaPromptWriter {

    /** The name that jobs show: {@code flowise} or {@code template}. */
    String name();

    /** The device that works, as workers report it; {@code remote} for another server. */
    String device();

    /**
     * Writes a prompt of 1 to {@value PersonaPrompts#MAX_LENGTH} characters. Blocks, and ends early if the run is canceled.
     *
     * @throws GenerationFailed if there is no prompt; its message may quote the persona
     * @throws io.atelier.generator.engine.GenerationCanceled if the run was canceled
     */
    String write(Subject subject, GenerationRun run);

    /**
     * What a prompt is about.
     *
     * @param index number of the prompt within its job, from 0
     * @param earlier prompts of the job from which this one must differ, oldest first
     * @param styleSeed by which the style is chosen, the same for all prompts of a job; null for the usual one
     */
    record Subject(
            Persona persona,
            int index,
            List<String> earlier,
            @Nullable Long styleSeed) {

        public Subject {
            earlier = List.copyOf(earlier);
        }

        /** Without the texts, which are personal. */
        @Override
        public String toString() {
            return "Subject[%s, index=%d, earlier=%d]".formatted(persona, index, earlier.size());
        }
    }
}
