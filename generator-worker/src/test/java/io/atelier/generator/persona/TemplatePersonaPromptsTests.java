package io.atelier.generator.persona;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.persona.PersonaPromptWriter.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

class TemplatePersonaPromptsTests extends PersonaPromptWriterContract {

    private final PersonaPromptWriter writer = new TemplatePersonaPrompts(new PersonaPrompts("a suffix"));

    @Override
    protected PersonaPromptWriter writer() {
        return writer;
    }

    @Test
    void promptSaysThePersonAndLeavesTheSuffixToTheGrid() {
        var prompt = writer.write(new Subject(SamplePersonas.ADA, 0, List.of(), null), SamplePersonas.run());

        assertThat(writer.name()).isEqualTo("template");
        assertThat(prompt).contains(SamplePersonas.BIO, "female").doesNotContain("a suffix");
    }
}
