package io.atelier.generator.persona;

import static org.assertj.core.api.Assertions.assertThat;

import io.atelier.contract.job.Failure;
import io.atelier.contract.job.Failure.Code;
import io.atelier.contract.job.Persona;
import io.atelier.generator.engine.GeneratedImage;
import io.atelier.generator.engine.GenerationFailed;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersonaRedactionTests {

    private static final String PROMPT =
            "Four views of a woman with a harmonium\nin a \"blue\" caf\u00E9 by the river Oder";
    private static final PersonaRedaction REDACTION = PersonaRedaction.of(SamplePersonas.ADA, List.of(PROMPT));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "No: Adalberta is not allowed | No: [redacted] is not allowed",
                "No: ADALBERTA QUILLFEATHER. | No: [redacted].",
                "Quillfeather's image | [redacted]'s image",
                "She Loves quinces, it says | She [redacted], it says",
                "The text Breeds axolotls in Szczecin and repairs harmoniums is bad | The text [redacted] is bad",
                "The text axolotls in Szczecin and is bad | The text [redacted] is bad",
                "Bad prompt: views of a woman with a harmonium in a | Bad prompt: [redacted]",
                "pocket does not know \"szczecin\" and \"oder\". | pocket does not know \"[redacted]\" and \"[redacted]\".",
                "It does not understand 'harmonium'. | It does not understand '[redacted]'.",
                "Cut off: Four view... | Cut off: [redacted]...",
            })
    void personalTextsAreReplaced(String message, String expected) {
        assertThat(REDACTION.redacted(message)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The engine 'openai' failed.",
                "Invalid size in this request:\n  see the manual",
                "Adalbertas and Quillfeathers are other names",
                "a woman with a dog",
            })
    void otherMessagesStayAsTheyAre(String message) {
        assertThat(REDACTION.redacted(message)).isEqualTo(message);
        assertThat(PersonaRedaction.NONE.redacted(message)).isEqualTo(message);
    }

    @Test
    void shortNameIsReplacedAsThePersonaWritesIt() {
        var persona = new Persona("7", "Al", "Ng", "m", "", "", "", "", null, null);

        assertThat(PersonaRedaction.of(persona, List.of("al dente")).redacted("Al, not al, nor Ngoro, but Ng!"))
                .isEqualTo("[redacted], not al, nor Ngoro, but [redacted]!");
    }

    @Test
    void promptIsFoundInTheJsonThatAServerRepeats() {
        var json = "{\"prompt\": \"with a harmonium\\nin a \\\"blue\\\" caf\u00E9 by the river\"}";
        var ascii = "{\"prompt\": \"harmonium\\nin a \\\"blue\\\" caf\\u00e9 by the river\"}";

        assertThat(REDACTION.redacted(json))
                .doesNotContain("harmonium", "blue", "river")
                .contains("prompt");
        assertThat(REDACTION.redacted(ascii))
                .doesNotContain("harmonium", "blue", "river")
                .contains("prompt");
    }

    @Test
    void wordsThatClientsSearchForAreKept() {
        var redaction = PersonaRedaction.of(
                SamplePersonas.withBio("my content_policy_violation and other timeouts timed out"), List.of());

        var redacted = redaction.redacted(
                "Violation (content_policy_violation): my content_policy_violation and other timeouts timed out");

        assertThat(redacted)
                .contains("content_policy_violation", "timeout", "timed out")
                .doesNotContain("my ", "other");
    }

    @Test
    void shortNamesAreReplacedInAnyScript() {
        var persona = new Persona("1", "\u738B\u82B3", "An", "f", "", "", "", "", null, null);
        var redaction = PersonaRedaction.of(persona, List.of("a prompt"));

        assertThat(redaction.redacted("An image of \u738B\u82B3\u3002"))
                .isEqualTo("[redacted] image of [redacted]\u3002");
    }

    @Test
    void everyRunOfAPromptIsReplacedWhereverItBegins() {
        var flat = PROMPT.replace('\n', ' ');
        for (int from = 0; from + PersonaRedaction.RUN <= flat.length(); from++) {
            var part = flat.substring(from, from + PersonaRedaction.RUN).strip();
            if (part.length() == PersonaRedaction.RUN) {
                assertThat(REDACTION.redacted("Refused: " + part + "!")).isEqualTo("Refused: [redacted]!");
            }
        }
    }

    @Test
    void failureKeepsEverythingButItsMessage() {
        var failure = new Failure(Code.MODERATION_BLOCKED, "Refused: " + SamplePersonas.BIO, 400, "req-1", 3L);

        var redacted = REDACTION.redacted(new GenerationFailed(failure, new IllegalStateException(SamplePersonas.BIO)));

        assertThat(redacted.failure()).isEqualTo(failure.withMessage("Refused: [redacted]"));
        assertThat(redacted).hasNoCause().hasMessageNotContaining("axolotls");
    }

    @Test
    void failureOfTheConnectionKeepsItsCause() {
        var cause = new IOException("reset");
        var failure = new Failure(Code.NETWORK_ERROR, "Adalberta could not be reached");

        assertThat(REDACTION.redacted(new GenerationFailed(failure, cause))).hasCause(cause);
    }

    @Test
    void warningOfAnImageIsReplaced() {
        var pixels = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
        var image =
                new GeneratedImage(pixels, 1, Map.of("warning", "pocket does not know \"axolotls\".", "steps", "4"));

        assertThat(REDACTION.redacted(image).metadata())
                .containsEntry("warning", "pocket does not know \"[redacted]\".")
                .containsEntry("steps", "4");
    }
}
