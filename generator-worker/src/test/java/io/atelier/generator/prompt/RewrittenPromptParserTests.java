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
    @DisplayName("B-41: the prompt is found in what the model says around it")
    void promptIsFoundInWhatIsSaidAroundIt(String said) {
        assertThat(RewrittenPromptParser.parse(said)).hasValue(PROMPT);
    }

    @Test
    @DisplayName("B-41: a prompt that begins with 'The' keeps its first line (defect 14)")
    void promptThatBeginsWithTheKeepsItsFirstLine() {
        var prompt = "The old harbour in the evening sun, gulls above the masts";

        assertThat(RewrittenPromptParser.parse(prompt + "\nWide angle, warm light."))
                .hasValue(prompt);
        assertThat(RewrittenPromptParser.parse("The prompt engineer sits at her desk"))
                .hasValue("The prompt engineer sits at her desk");
    }

    @Test
    @DisplayName("B-41: 1500 characters are cut to at most 1000 at a word's end")
    void longPromptIsCutAtTheEndOfAWord() {
        var said = "castle ".repeat(215).strip();

        var prompt = RewrittenPromptParser.parse(said).orElseThrow();

        assertThat(said.length()).isGreaterThan(1500);
        assertThat(prompt.length()).isBetween(990, 1000);
        assertThat(prompt).endsWith(" castle");
    }

    @Test
    void longWordIsCutBetweenCharacters() {
        assertThat(RewrittenPromptParser.parse("a".repeat(999) + "\uD83D\uDE00".repeat(9)))
                .hasValue("a".repeat(999));
        assertThat(RewrittenPromptParser.parse("a".repeat(1000))).hasValue("a".repeat(1000));
    }

    @Test
    void onlyRemarkIsTakenForThePromptItself() {
        assertThat(RewrittenPromptParser.parse("Here be dragons, under a green sky"))
                .hasValue("Here be dragons, under a green sky");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   \n ", "a castle", "```\n```", "Sure!"})
    @DisplayName("B-41: less than 10 characters are no prompt")
    void lessThanTenCharactersAreNoPrompt(String said) {
        assertThat(RewrittenPromptParser.parse(said)).isEmpty();
    }
}
