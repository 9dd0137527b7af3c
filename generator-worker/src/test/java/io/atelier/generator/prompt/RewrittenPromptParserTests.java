package io.atelier.generator.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RewrittenPromptParserTests {

    private static final String PROMPT = "A castle at dawn, mist in the valley";

    @ParameterizedTest
    @ValueSource(
            strings = {
                PROMPT,
                "  \n" + PROMPT + "\n ",
                "```\n" + PROMPT + "\n```",
                "```text\n" + PROMPT + "\n```\n",
                "```" + PROMPT + "```",
                "Enhanced prompt:\n\n" + PROMPT,
                "Here is a better one:\n" + PROMPT + "\nIt keeps the subject.",
                "The enhanced prompt:\n" + PROMPT,
                "The prompt below keeps the castle\n" + PROMPT,
                "Sure!\n" + PROMPT
            })
    @DisplayName("The prompt is extracted from a code fence or from surrounding remarks")
    void thePromptIsExtracted(String content) {
        assertThat(RewrittenPromptParser.parse(content)).hasValue(PROMPT);
    }

    @Test
    @DisplayName("A prompt that begins with 'The' keeps its first line")
    void aPromptThatBeginsWithTheKeepsItsFirstLine() {
        var prompt = "The old harbour in the evening sun, gulls above the masts";

        assertThat(RewrittenPromptParser.parse(prompt + "\nWide angle, warm light."))
                .hasValue(prompt);
        assertThat(RewrittenPromptParser.parse("The prompt engineer sits at her desk"))
                .hasValue("The prompt engineer sits at her desk");
    }

    @Test
    @DisplayName("1500 characters are cut to at most 1000, at the end of a word")
    void aLongPromptIsCutAtTheEndOfAWord() {
        var content = "castle ".repeat(215).strip();

        var prompt = RewrittenPromptParser.parse(content).orElseThrow();

        assertThat(content.length()).isGreaterThan(1500);
        assertThat(prompt.length()).isBetween(990, 1000);
        assertThat(prompt).endsWith(" castle");
    }

    @Test
    void aLongWordIsCutBetweenCharacters() {
        assertThat(RewrittenPromptParser.parse("a".repeat(999) + "\uD83D\uDE00".repeat(9)))
                .hasValue("a".repeat(999));
        assertThat(RewrittenPromptParser.parse("a".repeat(1000))).hasValue("a".repeat(1000));
    }

    @Test
    void aRemarkWithoutAPromptIsThePrompt() {
        assertThat(RewrittenPromptParser.parse("Here be dragons, under a green sky"))
                .hasValue("Here be dragons, under a green sky");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   \n ", "a castle", "```\n```", "Sure!"})
    @DisplayName("Fewer than 10 characters are not a prompt")
    void fewerThanTenCharactersAreNotAPrompt(String content) {
        assertThat(RewrittenPromptParser.parse(content)).isEmpty();
    }
}
