package io.atelier.generator.persona;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.generator.persona.PersonaPromptWriter.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of {@link PersonaPromptWriter}. Each adapter has a test class that extends it. */
abstract class PersonaPromptWriterContract {

    /** The writer under test; the same instance with each call. */
    protected abstract PersonaPromptWriter writer();

    @Test
    void writerHasANameAndADevice() {
        assertThat(writer().name()).matches("[a-z]+");
        assertThat(writer().device()).isNotBlank();
    }

    @Test
    void promptIsNeitherEmptyNorTooLong() {
        var prompt = writer().write(new Subject(SamplePersonas.ADA, 0, List.of(), null), SamplePersonas.run());

        assertThat(prompt).isNotBlank().isEqualTo(prompt.strip());
        assertThat(prompt.length()).isLessThanOrEqualTo(PersonaPrompts.MAX_LENGTH);
    }

    @Test
    void furtherPromptDiffersFromTheEarlierOnes() {
        var first = writer().write(new Subject(SamplePersonas.ADA, 0, List.of(), 5L), SamplePersonas.run());
        var second = writer().write(new Subject(SamplePersonas.ADA, 1, List.of(first), 5L), SamplePersonas.run());
        var third =
                writer().write(new Subject(SamplePersonas.ADA, 2, List.of(first, second), 5L), SamplePersonas.run());

        assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
    }

    @Test
    void subjectDoesNotShowItsTexts() {
        var subject = new Subject(SamplePersonas.ADA, 1, List.of("an earlier prompt"), null);

        assertThat(subject.toString())
                .contains("42", "index=1")
                .doesNotContain("Adalberta", "axolotls", "earlier prompt");
    }
}
