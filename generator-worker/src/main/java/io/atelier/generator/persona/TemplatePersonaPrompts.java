package io.atelier.generator.persona;

import io.atelier.generator.engine.GenerationRun;

/** Writes prompts of grids by a template, at once and without another server. */
final class TemplatePersonaPrompts implements PersonaPromptWriter {

    private final PersonaPrompts prompts;

    TemplatePersonaPrompts(PersonaPrompts prompts) {
        this.prompts = prompts;
    }

    @Override
    public String name() {
        return "template";
    }

    @Override
    public String device() {
        return "cpu";
    }

    /** The number of the prompt alone makes it differ from the earlier ones. */
    @Override
    public String write(Subject subject, GenerationRun run) {
        return prompts.grid(subject.persona(), subject.index(), subject.styleSeed());
    }
}
